"""The pages are in plain English: short sentences, no banned constructions, American spelling."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        ROOT / "SECURITY.md",
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "tools" / "README.md",
        ROOT / "android_demo" / "README.md",
        ROOT / "web_demo" / "README.md",
        ROOT / "keras_f2a" / "weights" / "CREDITS.md",
        ROOT / "keras_f2a" / "weights" / "MODEL_CARD.md",
        ROOT / "keras_f2a" / "weights" / "PLACED_LIGHT_CARD.md",
    ]
)
LONGEST_SENTENCE, LONGEST_AVERAGE = 35, 20
# Pages with fewer sentences have no meaningful average.
ENOUGH_SENTENCES = 5

# CONTRIBUTING.md suggests alternatives.
BANNED = [
    r"[,;] for (?:it|they|he|she|there|this|that|those|these|each of|neither|nobody|none)\b",
    r"[,;] for (?:the|a|an|larger|such|[A-Z]\w+) (?:\w+ )?(?:is|are|was|were|has|brightens)\b",
    r"\bof wh(?:ich|om)\b",
    r"\bso that\b[^.]*\bso that\b",
    r"^What (?!\w[^.]*\?)",
    r"\b(?:at hand|to be had|passed over|likewise|anew|hereby|thereby|whereby|hence)\b",
    r"\b(?:as they come|as the paper has it|without a word|by heart|no short cut)\b",
    r"\bdo(?:es)? not suffice\b",
    r"\bno \w+(?: \w+)? any ?more\b",
    r"\bfolders inside the folders\b",
    r"\b(?:on its side|on their side|lying (?:size|frame)|(?:upright|standing) and lying)\b",
    r"\b(?:free of|of) anybody's\b",
    r"\bnone of them lacks\b",
    r"\b(?:same command|run|training) goes on\b",
    r"\bbut for the\b",
    r"\bas good as (?:never|always)\b",
    r"\bin place of\b",
    r"\b(?:is|are|was|were) to be (?!sure)\w+",
    r"\b(?:less|more) than row \d\b|\brow \d+ less row\b",
    r"\b(?:utilize|leverage|seamless|in order to)\b",
]

# British words that codespell's list lacks.
BRITISH = re.compile(
    r"\b(?:\w*learnt|whilst|towards|afterwards|forwards|backwards|upwards|downwards)\b",
    re.IGNORECASE,
)


def paragraphs(text):
    """Return paragraphs and list items as lines, without code, tables, headings and references."""
    text = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"<!--.*?-->|<[^>]+>", "", text, flags=re.DOTALL)
    text = re.sub(r"!\[[^]]*\]\([^)]*\)", "", text)
    text = re.sub(r"^(?: *\||#|:::| *\[[^]]+\]:).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^ *(?:[-*]|\d+\.) +", "\n", text, flags=re.MULTILINE)
    text = re.sub(r"`[^`]*`", "CODE", text)
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def sentences(text):
    """Yield the sentences of a page, without bold and italic marks."""
    for paragraph in paragraphs(text):
        plain = re.sub(r"[*_]{1,2}(?=\S)|(?<=\S)[*_]{1,2}", "", paragraph)
        plain = re.sub(r"\b(et al|e\.g|i\.e|vs)\.", r"\1", plain)
        yield from re.split(r"(?<=[.!?])[)\"”]?\s+(?=[\"“(]?[A-Z0-9−+'])", plain)


def words(sentence):
    return [word for word in sentence.split() if re.search(r"\w", word)]


def prose_of(page):
    """Return a page's text without code and URLs."""
    text = re.sub(r"^ *```.*?^ *```", "", text_of(page), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`]*`|\]\([^)]*\)|https?://\S+", "", text)


def name(page):
    return str(page.relative_to(ROOT))


def text_of(page):
    return page.read_text(encoding="utf-8")


def test_sentences_are_found():
    text = "# Head\nOne is *short*. Two has `a. B` and [a link](x.md).\n\n| a. B |\n\n- Three.\n"
    assert list(sentences(text)) == ["One is short.", "Two has CODE and a link.", "Three."]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_sentences_are_short(page):
    lengths = {sentence: len(words(sentence)) for sentence in sentences(text_of(page))}
    long = {sentence: n for sentence, n in lengths.items() if n > LONGEST_SENTENCE}
    assert not long
    if len(lengths) >= ENOUGH_SENTENCES:
        assert sum(lengths.values()) / len(lengths) <= LONGEST_AVERAGE


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_sentences_start_outside_code_blocks(page):
    # A paragraph that begins with a lowercase letter continues a sentence from before the block.
    marked = re.sub(r"^```.*?^```$", "CODE", text_of(page), flags=re.MULTILINE | re.DOTALL)
    assert not re.findall(r"^CODE\n+[a-z].*", marked, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_banned_construction(page):
    found = [
        f"{construction}: {sentence}"
        for sentence in sentences(text_of(page))
        for construction in BANNED
        if re.search(construction, sentence)
    ]
    assert not found


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_spelling_is_american(page):
    assert not BRITISH.findall(prose_of(page))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_space_before_a_percent_sign(page):
    assert not re.findall(r"\d\s%", text_of(page))


@pytest.mark.parametrize(
    "sentence",
    [
        "These pairs were looked at, for it was early.",
        "Photographs of which three are dark.",
        "What has a result is skipped.",
        "What has a result is passed over.",
        "The memory does not suffice.",
        "It is no finite number any more.",
        "LIME wins, mostly, for LIME brightens.",
        "The picture lies on its side.",
    ],
)
def test_examples_are_banned(sentence):
    assert any(re.search(construction, sentence) for construction in BANNED)


def test_codespell_finds_nothing(tmp_path):
    """codespell checks for misspelled and British words."""
    command = [sys.executable, "-m", "codespell_lib", "--builtin", "clear,rare,en-GB_to_en-US"]
    for page in PAGES:
        copy = tmp_path / name(page)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(prose_of(page), encoding="utf-8")
    done = subprocess.run(
        [*command, tmp_path], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
