"""Work that many processes share on one machine or many, on Ray: the extra `ray`."""
