from keras_f2a.evaluation.table_formats import Table, as_html, as_latex, as_markdown

APART = Table("Scores", ["Method", "PSNR"], [["flash", "14"]], "These see more", [["a_b", "20"]])


def test_rows_apart_in_markdown():
    assert as_markdown(APART).splitlines()[2:] == [
        "| Method            | PSNR |",
        "|-------------------|------|",
        "| flash             | 14   |",
        "| *These see more:* |      |",
        "| a_b               | 20   |",
    ]


def test_rows_apart_in_latex():
    lines = as_latex(APART).splitlines()
    start = lines.index(r"flash & 14 \\")
    assert lines[start + 1 : start + 5] == [
        r"\midrule",
        r"\multicolumn{2}{l}{\emph{These see more:}} \\",
        r"a\_b & 20 \\",
        r"\bottomrule",
    ]


def test_rows_apart_in_html():
    text = as_html(APART)
    assert text.count("<tbody>") == 2
    assert text.index("flash") < text.index('<th colspan="2">These see more:</th>')
    assert text.index("These see more") < text.index("<td>a_b</td>")


def test_markdown():
    table = Table("Caption", ["Method", "PSNR"], [["a|b", "1"], ["c", "10.25"]])
    assert as_markdown(table).splitlines() == [
        "Caption.",
        "",
        "| Method | PSNR  |",
        "|--------|-------|",
        r"| a\|b   | 1     |",
        "| c      | 10.25 |",
    ]


def test_latex_escapes_what_latex_reads():
    table = Table("50% of a & b", ["Method", "Δ"], [["my_run", "1 ± 2"], ["x^2", "−1"]])
    text = as_latex(table)
    assert r"\caption{50\% of a \& b.}" in text
    assert r"my\_run & 1 $\pm$ 2 \\" in text
    assert r"x\textasciicircum{}2 & $-$1 \\" in text
    assert r"\begin{tabular}{lr}" in text and text.isascii()


def test_html_escapes_names():
    text = as_html(Table("<c>", ["M"], [["a<b>&"]]))
    assert "<td>a&lt;b&gt;&amp;</td>" in text and "<caption>&lt;c&gt;" in text
