"""Our own Markdown as HTML."""

from api.http.markdown import html_of


def test_each_kind_of_block() -> None:
    page = (
        "# Head\n\nSome **strong** and *slight*\nwords of `code_*`.\n\n- one\n  goes on\n- two\n\n## Next\n\n"
        "| a | b |\n| --- | :-: |\n| `x` | – |"
    )
    assert html_of(page).split("\n") == [
        "<h1>Head</h1>",
        "<p>Some <strong>strong</strong> and <em>slight</em>",
        "words of <code>code_*</code>.</p>",
        "<ul><li>one goes on</li><li>two</li></ul>",
        "<h2>Next</h2>",
        (
            '<div class="wide" tabindex="0"><table><thead><tr><th scope=col>a</th><th scope=col>b</th></tr></thead>'
            "<tbody><tr><td><code>x</code></td><td>–</td></tr></tbody></table></div>"
        ),
    ]


def test_text_is_never_markup() -> None:
    assert html_of("<img src=x> & `<b>`") == "<p>&lt;img src=x&gt; &amp; <code>&lt;b&gt;</code></p>"
