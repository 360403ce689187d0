"""What every room uses: errors, command lines, files that are whole or not there."""
