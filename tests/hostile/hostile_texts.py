"""Texts that were made to hang, to crash or to swallow a reader of Markdown, HTML or YAML: small recipes, large results."""

from collections.abc import Callable

SIZE = 500_000


def repeated(piece: str) -> str:
    return piece * (SIZE // len(piece))


# a piece, repeated to half a megabyte
PIECES = [
    "[", "![", "]", "*", "_", "`", "<", "&", "#", "\\", "|", ">", "(", "!", "~", ":", "^", "=", "-", "+", '"', "'", "x ", "\t", " \n", "\u3000\n",
    "[a](", "[a](<", "![a](b \"", "[a][b]", "[[a]]", "[^1]", "*a **b", "**a", "__a*", "*a_", "` ``", "``", "~~", "\\[", "&#", "&#x", "&amp;", "&a",
    "<a ", '<a href="', "<a href='", "<b>", "<b></x>", "<p>", "</p>", "<rp>", "<li><dd>", "<!--", "<!-- -->", "<?", "<!", "<![CDATA[", "<script>", "<style>", "<svg>",
    "<http://a> ", "<a@b> ", "a@b ", "http://a ", "www.a. ", "{: #a }", "{#a}", "[TOC]", "a\n", "a\n\n", "#\n", ">\n", "> * ", "* * ", "* a\n\n", "- \n", "1. a\n",
    ": a\n", "    a\n", "a\n===\n", "***\n", "```\n", "~~~\n", "!!! a\n", "<div>\n", "<div>\n\n", "<div markdown=1>\n", "<p markdown=1>\n", "[a]: b\n", "[^1]: a\n", "*[a]: b\n",
    "| a ", "|-", "READ: x\n", "READ: x\n\n", "READ: [", "Read x\n\n", "\u0301", "\u200d", "\u200f", "a\u0300\u0301", "\U0001f469\u200d",
]  # fmt: skip

BODIES: dict[str, Callable[[], str]] = {
    "lists that nest by indentation": lambda: "\n".join(" " * (4 * depth) + "- a" for depth in range(480)),
    "lists that nest by tabs": lambda: "\n".join("\t" * depth + "1. a" for depth in range(900)),
    "quotations that nest": lambda: "> " * 900 + "a",
    "many quotations that nest": lambda: ("> " * 200 + "a\n\n") * 1000,
    "emphasis that nests": lambda: "*_" * 1000 + "a" + "_*" * 1000,
    "links that nest": lambda: "[" * 2000 + "a" + "](b)" * 2000,
    "a table of thousands of columns": lambda: "\n".join("|".join(cell * 5000) for cell in "a-aaaaaaaaaa"),
    "a table of thousands of rows": lambda: "a|b\n-|-\n" + "a|b\n" * 100_000,
    "a table whose rows are short": lambda: "|".join("a" * 5000) + "\n" + "|".join("-" * 5000) + "\n" + "a\n" * 20_000,
    "footnotes that name each other": lambda: "".join(f"[^{n}]: n[^{n + 1}]\n\n" for n in range(15_000)),
    "one footnote named without end": lambda: "a[^1] " * 50_000 + "\n\n[^1]: x",
    "references without end": lambda: "".join(f"[{n}]: http://a/{n}\n" for n in range(20_000)),
    "one long reference used without end": lambda: "[a]: http://a/" + "x" * 200_000 + "\n\n" + "[a] " * 20_000,
    "abbreviations without end": lambda: (
        "".join(f"*[a{n}]: b\n" for n in range(5000)) + " ".join(f"a{n}" for n in range(5000))
    ),
    "one long abbreviation used without end": lambda: "*[a]: " + "x" * 200_000 + "\n\n" + "a " * 20_000,
    "elements that nest": lambda: "<div>" + repeated("<rp>"),
    "elements that seem to be closed": lambda: "<div>" + repeated("<div><!--</div>-->"),
    "formatting that is opened anew": lambda: (
        "<p>" + "".join(f'<b title="{"x" * 1000}{n}">' for n in range(60)) + "<p>x" * 40_000
    ),
    "attributes without end": lambda: "<p " + " ".join(f"a{n}" for n in range(60_000)) + ">",
    "attribute lists without end": lambda: "a\n{: " + " ".join(f".a{n}" for n in range(60_000)) + " }",
    "one line": lambda: "x" * SIZE,
    "one word of accents": lambda: "a" + "\u0301" * 200_000,
    "cross-links without end": lambda: "".join(f"READ: Something number {n}\n\n" for n in range(15_000)),
    "one cross-link without end": lambda: "READ: " + "word. " * 80_000,
    "cross-links in one paragraph": lambda: "a\n" + "READ: x\n" * 50_000,
    "brackets of two kinds": lambda: "[](" * 60_000 + "]()" * 60_000,
    "code fences of growing length": lambda: "\n".join("`" * n for n in range(3, 900)),
    "numbers of characters": lambda: "&#x41;" * 80_000,
    "headings of one name": lambda: "# a\n\n" * 50_000,
    "definition lists": lambda: "a\n: b\n\n" * 50_000,
    "elements in Markdown in elements": lambda: '<div markdown="1">\n\n' * 200 + "a" + "\n\n</div>" * 200,
}

FRONTS: dict[str, Callable[[], str]] = {
    "sixty thousand brackets": lambda: "tags: " + "[" * 60_000,
    "sixty thousand braces": lambda: "a: " + "{" * 60_000,
    "brackets and braces": lambda: "a: " + "[{" * 30_000,
    "dashes": lambda: "- " * 30_000 + "a",
    "question marks": lambda: "? " * 30_000 + "a",
    "colons": lambda: "a:" * 30_000,
    "indentation": lambda: "\n".join(" " * depth + "a:" for depth in range(350)),
    "laughs": lambda: (
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "\n".join(
            f"{name}: &{name} [{','.join(['*' + last] * 9)}]" for last, name in zip("abcdefgh", "bcdefghi", strict=True)
        )
    ),
    "an alias of itself": lambda: "a: &a [*a]",
    "an anchor used by merging": lambda: "a: &a {b: c}\nd: {<<: *a}",
    "a tag that runs code": lambda: "title: !!python/object/apply:os.system ['touch owned']",
    "tags without end": lambda: "a: " + "!!str " * 10_000,
    "quotes without end": lambda: "title: '" + "''" * 30_000,
    "escapes without end": lambda: 'title: "' + "\\x41" * 15_000 + '"',
    "a surrogate by escape": lambda: 'title: "\\ud800"',
    "a null by escape": lambda: 'title: "\\0"',
    "a key without end": lambda: "x" * 60_000 + ": a",
    "keys without end": lambda: "\n".join(f"a{n}: b" for n in range(7_000)),
    "one key without end": lambda: "a: b\n" * 12_000,
    "a list without end": lambda: "tags:\n" + "  - a\n" * 10_000,
    "sources without end": lambda: "sources:\n" + "  - name: a\n" * 4_000,
    "documents without end": lambda: "a: b\n...\n" * 6_000,
    "comments without end": lambda: "#\n" * 30_000,
    "directives without end": lambda: "%YAML 1.1\n" * 6_000,
    "a block of text without end": lambda: "title: |\n" + "  a\n" * 16_000,
    "more than is read": lambda: "title: " + "x" * 400_000,
    "a date without end": lambda: "date: " + "1" * 60_000,
    "a number without end": lambda: "links: [{ref: a, after_paragraph: " + "9" * 50_000 + "}]",
    "a slug without end": lambda: "title: a\ndate: 2026-01-31\nslug: " + "a-" * 140,
    "a headline of references": lambda: "title: " + "&amp;" * 12_000,
    "line ends of YAML's own": lambda: "title: a\n" + "b:\u2028" * 10_000,
}

HEADERS: dict[str, Callable[[], str]] = {
    "headers without end": lambda: "".join(f"a{n}: b\n" for n in range(40_000)) + "\nbody",
    "a header continued without end": lambda: "Title: a\n" + "    b\n" * 80_000 + "\nbody",
    "a header of half a megabyte": lambda: "Title: a\nDate: 2026-01-31\nStatus: " + "x" * 400_000 + "\n\nbody",
    "tags of half a megabyte": lambda: "Title: a\nDate: 2026-01-31\nTags: " + "a," * 200_000 + "\n\nbody",
    "a date of half a megabyte": lambda: "Title: a\nDate: " + "1-" * 200_000 + "\n\nbody",
    "an address of half a megabyte": lambda: (
        "Title: a\nDate: 2026-01-31\nSource_url: http://" + "[" * 200_000 + "\n\nbody"
    ),
    "fences without end": lambda: "---\n" * 120_000,
    "one fence without end": lambda: "-" * 500_000,
}

GOOD = "---\ntitle: a\ndate: 2026-01-31\ntags: [b]\n---\n\nc\n"
BYTES: dict[str, bytes] = {
    "empty": b"",
    "nulls": b"\0" * 100_000,
    "nulls in a story": GOOD.encode() + b"\0",
    "a byte order mark": b"\xef\xbb\xbf" + GOOD.encode(),
    "two byte order marks": b"\xef\xbb\xbf" * 2 + GOOD.encode(),
    "UTF-16": GOOD.encode("utf-16"),
    "UTF-16 without a mark": GOOD.encode("utf-16-be"),
    "UTF-32": GOOD.encode("utf-32"),
    "UTF-7": "+AC0ALQAt- title".encode("ascii"),
    "overlong slashes": GOOD.encode() + b"\xc0\xaf\xe0\x80\xaf",
    "overlong nulls": GOOD.encode() + b"\xc0\x80",
    "a lone surrogate": GOOD.encode() + b"\xed\xa0\x80",
    "a surrogate pair": GOOD.encode() + b"\xed\xa0\xbd\xed\xb8\x80",
    "beyond Unicode": GOOD.encode() + b"\xf4\x90\x80\x80\xf8\x88\x80\x80\x80",
    "a character cut short": GOOD.encode() + b"\xf0\x9f\x98",
    "noncharacters": GOOD.encode() + "\ufffe\uffff\ufdd0\U0010ffff".encode(),
    "bidirectional overrides": GOOD.encode() + "\u202eabc\u202c".encode(),
    "escape sequences": GOOD.encode() + b"\x1b]0;owned\x07",
    "another code page": GOOD.encode() + "é".encode("latin-1"),
    "every byte": bytes(range(256)) * 100,
    "carriage returns": GOOD.replace("\n", "\r").encode(),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(1000),
    "more than is read": b"x" * 600_000,
}
