"""Product pictures of the demo shop, drawn from their names alone.

A public id says what to draw, in which colours, and which style it is:
`running-shoe-2f6db5-e8e4da-0123`. Styles of a kind differ in a detail where the kind has some.
"""

import re

PUBLIC_ID = re.compile(
    r"(?P<kind>[a-z-]+)-(?P<main>[0-9a-f]{6})-(?P<accent>[0-9a-f]{6})-(?P<n>\d+)"
)
GENERIC = ("box", "b98a5a", "7a5236", "0")

FRAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200">
<defs>
<linearGradient id="m" x1="0" y1="0" x2=".35" y2="1">
<stop stop-color="{light}"/><stop offset=".45" stop-color="{main}"/>
<stop offset="1" stop-color="{dark}"/></linearGradient>
<radialGradient id="g" cx=".5" cy=".42" r=".75">
<stop stop-color="{ground_light}"/><stop offset="1" stop-color="{ground}"/></radialGradient>
</defs>
<rect width="200" height="200" fill="url(#g)"/>
<ellipse cx="100" cy="{floor}" rx="{spread}" ry="6" fill="#2a2320" fill-opacity=".13"/>
{drawing}
</svg>
"""

SHELL = """
<path d="M70 50C80 60 120 60 130 50L152 62 180 136 159 145 146 108V164Q100 170 54 164V108L41 145
20 136 48 62Z" fill="url(#m)"/>
<path d="M146 108 152 88 159 145ZM54 108 48 88 41 145Z" fill="{deep}" fill-opacity=".35"/>
<path d="M175 124 180 136 159 145 156 133ZM25 124 20 136 41 145 44 133Z" fill="{deep}"
fill-opacity=".45"/>
"""

# Colours in braces; `url(#m)` is the main one with some light on it.
DRAWINGS: dict[str, str] = {
    # --- Footwear ---
    "running-shoe": """
<path d="M78 84C80 68 87 57 96 59 103 62 105 74 110 88L96 94Z" fill="{accent_dark}"/>
<path d="M36 136C32 120 30 104 32 88 33 80 38 76 44 78 52 82 66 86 76 78L84 71C90 68 95 69 98 74
107 92 124 106 146 112 164 116 177 122 178 136Z" fill="url(#m)"/>
<path d="M36 136C32 120 31 106 32 93 46 98 57 113 59 137ZM150 113C166 117 177 122 178 136L140
137C137
125 141 116 150 113Z" fill="{dark}"/>
<path d="M32 89C33 80 38 76 44 78 52 82 66 86 76 78L81 75C84 77 85 81 83 84 66 94 46 96 32 89Z"
fill="{deep}"/>
<path d="M84 72C94 94 110 110 133 117L144 112C122 105 106 91 98 74Z" fill="{dark}"/>
<path d="M28 133C60 139 140 139 180 131 187 133 188 141 184 147 177 151 168 152 160 152L54 155C37
155
26 147 28 133Z" fill="#fbf9f4"/>
<path d="M28 142C70 149 140 148 186 140 187 143 186 146 184 147 177 151 168 152 160 152L54 155C40
155
30 150 28 142Z" fill="{accent}" fill-opacity=".8"/>
<path d="M36 151C62 158 140 156 179 149 175 156 168 158 160 158L58 161C47 161 40 157 36 151Z"
fill="#33322f"/>
<path d="M91 85 102 79M98 96 109 88M107 105 117 96M118 112 127 103" stroke="#fbf9f4"
stroke-width="3.6" stroke-linecap="round"/>
""",
    "hiking-boot": """
<path d="M84 62C86 44 94 37 102 41 107 46 107 62 112 86L98 88Z" fill="{accent}"/>
<path d="M46 148C42 126 46 108 47 92 47 76 44 66 44 56 44 50 50 48 56 50 68 55 80 54 90 48 95 45 100
48
100 54 100 74 107 92 126 101 150 107 169 118 170 148Z" fill="url(#m)"/>
<path d="M139 107C157 112 169 122 170 148H124C122 128 129 112 139 107ZM46 148C43 128 45 114 47 102
61
106 70 122 70 148Z" fill="{dark}"/>
<path d="M44 56C44 50 50 48 56 50 68 55 80 54 90 48 95 45 100 48 100 54L100 61C84 71 60 72 45 64Z"
fill="{deep}"/>
<path d="M83 67C86 90 97 107 120 114L130 103C110 94 101 78 100 60Z" fill="{deep}"
fill-opacity=".7"/>
<path d="M46 84Q66 92 84 86" fill="none" stroke="{dark}" stroke-width="3"/>
<path d="M86 74 100 69M88 85 103 79M94 96 108 88M103 105 115 96M115 111 124 101" stroke="{accent}"
stroke-width="3.6" stroke-linecap="round"/>
<path d="M40 144C80 148 130 148 172 143 174 148 174 152 173 155H41Q38 150 40 144Z"
fill="{accent_dark}"/>
<path d="M40 153H174C175 160 174 165 170 167L162 167 158 161 149 167H136L132 161 123 167H110L106
161H88L84
168H50C42 167 39 161 40 153Z" fill="#2e2c2a"/>
""",
    "winter-boot": """
<path d="M48 138C44 106 50 76 48 48H100C100 78 108 98 126 106 150 112 164 120 164 142Z"
fill="url(#m)"/>
<path d="M44 130C62 120 92 120 108 102 132 104 168 116 168 146L166 154H44Z" fill="{accent_dark}"/>
<path d="M44 130C62 120 92 120 108 102 118 103 130 106 140 110 110 116 90 134 44 142Z"
fill="#fff" fill-opacity=".16"/>
<path d="M42 40Q48 32 56 38 64 30 72 37 80 30 88 37 96 31 102 38 110 42 104 50 108 58 98 58 90 64 80
58 72 64 62 58 52 63 46 56 38 50 42 40Z" fill="#f3ede0"/>
<path d="M46 54Q74 64 103 54" fill="none" stroke="#cdbfa8" stroke-width="3"/>
<g stroke="{accent}" stroke-width="3.5" stroke-linecap="round"><path d="M82 72 100 68M84 84 102
79M88 95 106 89"/></g>
<path d="M40 150Q104 156 170 149L169 163H48Q40 162 40 150Z" fill="#2f2d2b"/>
""",
    "sneaker": """
<path d="M82 90C85 76 92 68 100 71 106 74 108 84 112 96L98 102Z" fill="{accent}"/>
<path d="M34 141C30 124 29 110 32 99 34 92 39 90 45 92 54 97 68 98 80 90L88 83C94 80 99 81 102 86
111 102
126 112 146 116 164 119 175 126 176 141Z" fill="url(#m)"/>
<path d="M148 116C165 119 175 126 176 141H136C133 129 138 119 148 116Z" fill="#fff"
fill-opacity=".4"/>
<path d="M34 141C31 128 30 116 31 106 45 110 54 124 56 141Z" fill="{accent_dark}"/>
<path d="M32 99C34 92 39 90 45 92 54 97 68 98 80 90L85 87C88 89 88 93 86 95 68 104 46 106 32 99Z"
fill="{deep}" fill-opacity=".8"/>
<path d="M88 84C98 104 114 117 134 121L146 116C126 112 111 102 102 86Z" fill="{dark}"/>
<path d="M64 140C70 124 80 112 93 103" fill="none" stroke="{dark}" stroke-width="2"
stroke-dasharray="3 3"/>
<path d="M95 96 106 90M102 106 113 98M112 113 122 105M123 118 132 110" stroke="#fffdf8"
stroke-width="3.8" stroke-linecap="round"/>
<path d="M27 138C70 142 140 142 178 138 183 144 183 153 178 157H38C28 157 24 148 27 138Z"
fill="#faf7f0"/>
<path d="M27 148C80 151 140 151 181 148" fill="none" stroke="{accent_dark}" stroke-width="2.5"/>
""",
    "sandal": """
<path d="M58 92C50 100 46 116 48 134L64 136C60 116 64 104 72 98Z" fill="{dark}"/>
<path d="M58 90C84 84 104 100 116 136L98 138C90 116 78 106 58 106Z" fill="url(#m)"/>
<path d="M52 100C78 92 100 96 122 118L112 128C94 112 76 108 52 112Z" fill="{dark}"/>
<path d="M112 140C112 114 134 106 152 116L162 134 144 140C138 130 128 128 126 140Z"
fill="url(#m)"/>
<path d="M26 134C40 124 66 130 96 136 126 142 158 136 174 130Q182 138 174 146C140 154 60 156 34 152
22 148 26 134 26 134Z" fill="{accent}"/>
<path d="M25 142Q34 154 60 152 130 156 179 138 182 152 168 156L110 163 44 161Q22 158 25 142Z"
fill="#3a3532"/>
<rect x="60" y="86" width="18" height="13" rx="3" fill="#4b4642" transform="rotate(6 68 92)"/>
<rect x="65" y="90" width="8" height="5" fill="{accent}" transform="rotate(6 68 92)"/>
<path d="M118 136C118 124 130 116 146 118" fill="none" stroke="#fff" stroke-opacity=".3"
stroke-width="3" stroke-linecap="round"/>
""",
    # --- Clothing ---
    "jacket": SHELL
    + """
<path d="M72 56C68 26 84 18 100 18 116 18 132 26 128 56Q100 70 72 56Z" fill="{main}"/>
<path d="M82 54C80 34 88 28 100 28 112 28 120 34 118 54Q100 62 82 54Z" fill="{deep}"/>
<path d="M100 61V166" stroke="{accent}" stroke-width="3"/>
<path d="M64 122 84 112M136 122 116 112" stroke="{deep}" stroke-width="3" stroke-linecap="round"/>
<path d="M54 64Q100 84 146 64" fill="none" stroke="{dark}" stroke-width="2"/>
""",
    "down-jacket": SHELL
    + """
<path d="M72 54Q74 32 100 32 126 32 128 54 100 66 72 54Z" fill="{dark}"/>
<path d="M80 50Q84 39 100 39 116 39 120 50 100 58 80 50Z" fill="{deep}"/>
<g fill="none" stroke="{deep}" stroke-opacity=".55" stroke-width="2.5"><path d="M50 78Q76 86 100
82 124 86 150 78M54 98Q78 106 100 102 122 106 146 98M54 119Q78 127 100 123 122 127 146 119M54
140Q78 148 100 144 122 148 146 140M40 88 52 96M32 108 49 116M160 88 148 96M168 108 151 116"/></g>
<g fill="none" stroke="#fff" stroke-opacity=".28" stroke-width="3"><path d="M56 72Q78 79 97 76M58
92Q78 99 97 96M58 113Q78 120 97 117M58 134Q78 141 97 138"/></g>
<path d="M100 56V167" stroke="{accent}" stroke-width="3"/>
""",
    "fleece": SHELL
    + """
<path d="M48 62 70 50C80 60 120 60 130 50L152 62 158 80Q100 96 42 80Z" fill="{accent_dark}"
fill-opacity=".9"/>
<path d="M72 54 76 36Q100 30 124 36L128 54Q100 66 72 54Z" fill="{dark}"/>
<path d="M100 38V166" stroke="{deep}" stroke-width="2.5"/>
<rect x="112" y="94" width="24" height="24" rx="3" fill="{accent_dark}"/>
<path d="M112 101H136" stroke="{deep}" stroke-width="2"/>
<path d="M66 148 84 128M134 148 116 128" stroke="{deep}" stroke-width="2.5" stroke-linecap="round"/>
""",
    "vest": """
<path d="M70 46C80 56 120 56 130 46L146 56Q136 84 150 100V162Q100 170 50 162V100Q64 84 54 56Z"
fill="url(#m)"/>
<path d="M54 56Q64 84 50 100L56 100Q70 82 62 51ZM146 56Q136 84 150 100L144 100Q130 82 138 51Z"
fill="{deep}" fill-opacity=".6"/>
<path d="M72 50Q74 30 100 30 126 30 128 50 100 62 72 50Z" fill="{dark}"/>
<path d="M80 46Q84 37 100 37 116 37 120 46 100 53 80 46Z" fill="{deep}"/>
<g fill="none" stroke="{deep}" stroke-opacity=".5" stroke-width="2.5"><path d="M62 78Q100 88 138
78M52 102Q100 112 148 102M50 124Q100 134 150 124M50 145Q100 155 150 145"/></g>
<path d="M100 52V166" stroke="{accent}" stroke-width="3.5"/>
""",
    "t-shirt": """
<path d="M72 42Q100 60 128 42L152 52 178 92 153 106 146 94V162Q100 167 54 162V94L47 106 22 92 48
52Z" fill="url(#m)"/>
<path d="M146 94 150 76 153 106ZM54 94 50 76 47 106Z" fill="{deep}" fill-opacity=".35"/>
<path d="M72 42Q100 60 128 42L124 40Q100 50 76 40Z" fill="{deep}" fill-opacity=".8"/>
<path d="M76 41Q100 66 124 41" fill="none" stroke="{dark}" stroke-width="3.5"/>
""",
    "base-layer": SHELL
    + """
<path d="M72 54 76 38Q100 34 124 38L128 54Q100 66 72 54Z" fill="{dark}"/>
<path d="M100 38V92" stroke="{accent}" stroke-width="3"/>
<rect x="97.5" y="88" width="5" height="9" rx="2" fill="{accent}"/>
<g fill="none" stroke="{dark}" stroke-width="2" stroke-dasharray="4 2"><path d="M70 52Q66 84 50
102M130 52Q134 84 150 102"/></g>
<path d="M54 158Q100 164 146 158" fill="none" stroke="{deep}" stroke-width="2"/>
""",
    "shirt": SHELL
    + """
<g fill="none" stroke="{accent}" stroke-opacity=".5"><path d="M70 56V166M84 60V167M116 60V167M130
56V166" stroke-width="3"/><path d="M52 84H148M54 108H146M54 132H146M54 154H146" stroke-width="5"/>
</g>
<path d="M70 52 82 34Q100 42 118 34L130 52 112 66 100 50 88 66Z" fill="{dark}"/>
<path d="M86 38Q100 46 114 38L100 52Z" fill="{deep}"/>
<path d="M95 52H105V166H95Z" fill="{dark}" fill-opacity=".6"/>
<g fill="#f7f3ea"><circle cx="100" cy="72" r="2.5"/><circle cx="100" cy="94" r="2.5"/><circle
cx="100" cy="116" r="2.5"/><circle cx="100" cy="138" r="2.5"/></g>
<path d="M112 88H136V112L124 118 112 112Z" fill="{main}" stroke="{dark}" stroke-width="2"/>
""",
    "trousers": """
<path d="M64 30H136L150 168H112L101 78H99L88 168H50Z" fill="url(#m)"/>
<path d="M101 78 112 168H124L108 60ZM99 78 94 46H99Z" fill="{deep}" fill-opacity=".3"/>
<path d="M64 30H136L137 42H63Z" fill="{dark}"/>
<path d="M70 42Q72 58 60 62M130 42Q128 58 140 62" fill="none" stroke="{deep}" stroke-width="2.5"/>
<path d="M57 104 92 108M143 104 108 108" stroke="{dark}" stroke-width="2"/>
<path d="M122 84H140L142 104 124 105Z" fill="{dark}"/><path d="M122 84H140L140.5 90H122.5Z"
fill="{accent}"/>
<circle cx="100" cy="36" r="3" fill="{accent}"/>
<path d="M100 42V74" stroke="{deep}" stroke-width="2"/>
""",
    "shorts": """
<path d="M58 54H142L164 142Q136 150 108 144L100 96 92 144Q64 150 36 142Z" fill="url(#m)"/>
<path d="M142 54 164 142 150 146Q142 96 130 66ZM100 96 104 118 100 70Z" fill="{deep}"
fill-opacity=".4"/>
<path d="M58 54H142L145 66H55Z" fill="{dark}"/>
<path d="M62 66Q62 90 50 98M138 66Q138 90 150 98" fill="none" stroke="{accent}" stroke-width="3"/>
<path d="M94 60C88 72 90 82 86 90M104 60C110 70 108 80 112 86" fill="none" stroke="#fbf8f1"
stroke-width="2.5" stroke-linecap="round"/>
""",
    "beanie": """
<path d="M44 128C40 70 66 46 100 46 134 46 160 70 156 128Z" fill="url(#m)"/>
<g fill="none" stroke="{dark}" stroke-width="3"><path d="M62 122Q60 76 84 54M81 124Q80 78 94
48M100 124V47M119 124Q120 78 106 48M138 122Q140 76 116 54"/></g>
<path d="M38 120Q100 108 162 120L160 152Q100 164 40 152Z" fill="{main}"/>
<path d="M38 120Q100 108 162 120L160 152Q100 164 40 152Z" fill="#fff" fill-opacity=".12"/>
<g stroke="{dark}" stroke-width="2.5"><path d="M54 118V153M69 115V156M84 114V158M100 113V158M116
114V158M131 115V156M146 118V153"/></g>
<rect x="118" y="128" width="20" height="14" rx="2" fill="{accent}"/>
""",
    "cap": """
<path d="M84 128Q126 108 152 112C178 118 192 134 190 144 186 150 176 146 162 143 138 138 110 138 84
138Z" fill="{dark}"/>
<path d="M84 133Q140 128 190 144 186 150 162 143 138 138 110 138 84 138Z" fill="{deep}"/>
<path d="M40 126C36 78 66 52 100 54 136 56 154 84 152 120Q94 140 40 126Z" fill="url(#m)"/>
<path d="M100 54Q84 88 86 130 62 131 40 126C36 78 66 52 100 54Z" fill="#fff" fill-opacity=".13"/>
<path d="M99 54Q82 86 84 128M101 54Q134 80 136 122" fill="none" stroke="{dark}" stroke-width="2"/>
<path d="M104 110 117 86 124 97 128 91 139 108Z" fill="{accent}"/>
<path d="M39 114Q92 130 152 109L152 120Q94 140 40 126Z" fill="{deep}" fill-opacity=".7"/>
<circle cx="100" cy="54" r="4.5" fill="{dark}"/>
""",
    "gloves": """
<g id="h"><path d="M44 160V112C32 104 22 90 30 84 38 80 44 90 50 94L48 52Q49 44 56 45 61 46 62 54
L64 40Q66 33 72 34 78 35 78 42L79 54Q82 46 88 48 93 50 92 58L91 68Q95 63 99 66 102 69 100 76L92 120
V160Z" fill="url(#m)"/>
<path d="M62 54 64 84M79 54V84M91 68 90 88" stroke="{deep}" stroke-width="2" fill="none"/>
<path d="M44 128H92V142H44Z" fill="{accent_dark}"/><path d="M42 146H94V164H42Z" fill="{dark}"/></g>
<use href="#h" transform="matrix(-1 0 0 1 206 4)"/>
""",
    "neck-warmer": """
<path d="M56 44Q100 30 144 44L154 150Q100 172 46 150Z" fill="url(#m)"/>
<ellipse cx="100" cy="45" rx="44" ry="13" fill="{deep}"/>
<g fill="none" stroke="{accent}" stroke-opacity=".8" stroke-width="5"><path d="M53 84 72 70 90 88
108
70 128 88 147 72"/><path d="M51 104 72 90 90 108 108 90 128 108 149 92"/></g>
<path d="M60 140Q82 120 66 66M140 140Q124 116 134 62" fill="none" stroke="{deep}"
stroke-opacity=".35"
stroke-width="5" stroke-linecap="round"/>
""",
    "belt": """
<path d="M100 50C150 50 166 76 166 100 166 130 138 150 100 150 62 150 36 130 36 100 36 74 58 50 100
50ZM100 68C72 68 54 82 54 101 54 120 72 133 100 133 130 133 148 120 148 101 148 82 130 68 100 68Z"
fill="url(#m)" fill-rule="evenodd"/>
<path d="M54 101C54 82 72 68 100 68 130 68 148 82 148 101L144 94C136 82 122 76 100 76 78 76 64 84 54
101Z" fill="{deep}"/>
<path d="M40 116 Q52 150 108 150L110 168Q48 168 32 128Z" fill="{main}"/>
<rect x="98" y="128" width="38" height="34" rx="5" fill="none" stroke="#8e8a82" stroke-width="7"/>
<path d="M104 145H134" stroke="#c9c4ba" stroke-width="5"/>
<g fill="{deep}"><circle cx="60" cy="152" r="2.5"/><circle cx="74" cy="157" r="2.5"/><circle
cx="88" cy="159" r="2.5"/></g>
""",
    # --- Packs ---
    "day-pack": """
<path d="M84 34Q84 20 100 20 116 20 116 34" fill="none" stroke="{deep}" stroke-width="6"/>
<path d="M52 150Q38 150 40 128L46 104Q48 96 56 98ZM148 150Q162 150 160 128L154 104Q152 96 144 98Z"
fill="{deep}"/>
<path d="M54 66C54 40 74 30 100 30 126 30 146 40 146 66L150 150Q150 164 136 165H64Q50 164 50
150Z" fill="url(#m)"/>
<path d="M56 78Q58 48 100 46 142 48 144 78" fill="none" stroke="{deep}" stroke-width="3"/>
<path d="M62 104Q100 96 138 104L142 146Q142 156 132 156H68Q58 156 58 146Z" fill="{dark}"/>
<path d="M62 104Q100 96 138 104L139 114Q100 106 61 114Z" fill="{accent}"/>
<rect x="88" y="72" width="24" height="14" rx="3" fill="{accent}"/>
<path d="M134 106V122" stroke="{accent}" stroke-width="4" stroke-linecap="round"/>
""",
    "trekking-pack": """
<path d="M56 140Q30 138 28 122 40 112 58 118ZM144 140Q170 138 172 122 160 112 142 118Z"
fill="{deep}"/>
<path d="M60 58H140L148 150Q148 168 132 169H68Q52 168 52 150Z" fill="url(#m)"/>
<path d="M60 58 66 169H74L72 58ZM140 58 134 169H126L128 58Z" fill="{deep}" fill-opacity=".4"/>
<path d="M56 60Q50 28 78 22H122Q150 28 144 60 100 72 56 60Z" fill="{accent_dark}"/>
<path d="M62 34Q100 44 138 34" fill="none" stroke="{deep}" stroke-width="2.5"/>
<path d="M74 110H126V150Q126 158 118 158H82Q74 158 74 150Z" fill="{dark}"/>
<path d="M100 112V156" stroke="{accent}" stroke-width="3"/>
<g fill="{deep}"><rect x="77" y="56" width="7" height="42" rx="2"/><rect x="116" y="56" width="7"
height="42" rx="2"/></g>
<g fill="{accent}"><rect x="75" y="76" width="11" height="9" rx="2"/><rect x="114" y="76" width="11"
height="9" rx="2"/></g>
""",
    "running-vest": """
<path d="M64 30Q76 24 82 34 86 56 100 62 114 56 118 34 124 24 136 30L150 70Q140 96 152 124L144
160Q122 168 108 162V104H92V162Q78 168 56 160L48 124Q60 96 50 70Z" fill="url(#m)"/>
<path d="M64 30Q76 24 82 34 86 56 100 62 114 56 118 34 124 24 136 30L128 26Q100 78 72 26Z"
fill="{deep}" fill-opacity=".5"/>
<path d="M58 86H86V134H62Q56 110 58 86ZM142 86H114V134H138Q144 110 142 86Z" fill="{dark}"/>
<path d="M66 72H80L82 116H66ZM134 72H120L118 116H134Z" fill="#e9f1f4" fill-opacity=".9"/>
<rect x="68" y="60" width="9" height="14" rx="3" fill="{accent}"/>
<rect x="123" y="60" width="9" height="14" rx="3" fill="{accent}"/>
<path d="M86 84H114M88 128H112" stroke="{accent_dark}" stroke-width="4"/>
""",
    "duffel": """
<path d="M62 84C62 48 138 48 138 84" fill="none" stroke="{deep}" stroke-width="8"/>
<path d="M28 104Q28 78 52 78H148Q172 78 172 104V132Q172 158 148 158H52Q28 158 28 132Z"
fill="url(#m)"/>
<path d="M28 104Q28 78 52 78 62 100 62 118 62 140 52 158 28 158 28 132ZM172 104Q172 78 148 78 138
100 138 118 138 140 148 158 172 158 172 132Z" fill="{dark}"/>
<path d="M60 90H140" stroke="{deep}" stroke-width="4"/>
<path d="M76 80V158M124 80V158" stroke="{accent_dark}" stroke-width="9"/>
<rect x="84" y="106" width="32" height="28" rx="4" fill="{dark}"/>
<path d="M84 114H116" stroke="{accent}" stroke-width="3"/>
<path d="M66 82C68 112 132 112 134 82" fill="none" stroke="{accent}" stroke-width="7"/>
""",
    "pouch": """
<path d="M20 92Q34 100 44 104L44 124Q30 112 18 104ZM180 92Q166 100 156 104L156 124Q170 112 182 104Z"
fill="{deep}"/>
<path d="M38 92Q40 72 62 72H138Q160 72 162 92L158 134Q154 152 132 152H68Q46 152 42 134Z"
fill="url(#m)"/>
<path d="M40 92Q42 72 62 72H138Q158 72 160 92 100 104 40 92Z" fill="{light}" fill-opacity=".35"/>
<path d="M44 94Q100 108 156 94" fill="none" stroke="{deep}" stroke-width="3.5"/>
<path d="M50 118H150L147 136Q144 146 130 146H70Q56 146 53 136Z" fill="{dark}"/>
<path d="M50 118H150" stroke="{accent}" stroke-width="3"/>
<rect x="146" y="96" width="5" height="16" rx="2.5" fill="{accent}"/>
""",
    # --- Socks ---
    "sock": """
<path d="M98 34H142V96C142 112 152 122 164 132 176 144 166 162 150 160 130 158 112 140 104 126Z"
fill="{dark}"/>
<path d="M58 30H104V98C104 114 112 124 124 136 136 150 126 168 108 166 84 162 66 140 60 124Z"
fill="url(#m)"/>
<path d="M60 108 61 126Q62 130 66 135 84 132 88 112 76 100 60 108ZM106 164Q102 144 118 131L124
136C136 150 126 168 108 166Z" fill="{accent}"/>
<path d="M58 30H104V48H58Z" fill="{accent_dark}"/>
<path d="M104 34H142V50H104Z" fill="{accent_dark}" fill-opacity=".75"/>
<g stroke="{deep}" stroke-opacity=".35" stroke-width="2"><path d="M66 31V48M74 31V48M82 31V48M90
31V48M98 31V48"/></g>
""",
    # --- Camping ---
    "tent": """
<path d="M12 156 96 52 106 52 190 156Z" fill="{dark}"/>
<path d="M12 156 88 50Q94 44 100 52L132 156Z" fill="url(#m)"/>
<path d="M100 52Q104 44 110 50L190 156H132Z" fill="{dark}"/>
<path d="M52 156 90 72 112 156Z" fill="{deep}"/>
<path d="M90 72 112 156 100 156Q92 110 90 72Z" fill="{accent}"/><path d="M90 72 52 156 62 156Q84
110 90 72Z" fill="{accent_dark}"/>
<path d="M88 50 80 34M110 50 118 34" stroke="#5c564f" stroke-width="3.5" stroke-linecap="round"/>
<path d="M150 104 192 160M40 116 10 160" stroke="#8c857b" stroke-width="1.5"/>
<path d="M112 62 150 156" stroke="#fff" stroke-opacity=".2" stroke-width="2"/>
""",
    "sleeping-bag": """
<path d="M100 16C130 16 140 38 142 62L150 112C150 140 134 176 100 176 66 176 50 140 50 112L58 62C60
38 70 16 100 16Z" fill="url(#m)"/>
<path d="M100 24C118 24 127 38 128 54 126 68 114 74 100 74 86 74 74 68 72 54 73 38 82 24 100 24Z"
fill="{accent}"/>
<path d="M100 36C112 36 119 44 119 54 117 64 110 67 100 67 90 67 83 64 81 54 81 44 88 36 100 36Z"
fill="{deep}"/>
<g fill="none" stroke="{deep}" stroke-opacity=".45" stroke-width="2.5"><path d="M56 82Q100 94 144
82M52 104Q100 116 148 104M52 126Q100 138 148 126M62 150Q100 160 138 150"/></g>
<path d="M118 68C130 92 132 130 126 158" fill="none" stroke="{accent}" stroke-width="3.5"/>
""",
    "mat": """
<path d="M40 150 110 128 186 150 116 168Z" fill="{dark}"/>
<path d="M20 112A34 34 0 0 1 54 78L120 60A34 34 0 0 1 154 96V120L62 148Z" fill="url(#m)"/>
<circle cx="54" cy="114" r="36" fill="{main}"/>
<path d="M54 78A36 36 0 1 0 90 114 32 32 0 0 0 58 84 28 28 0 0 0 30 112 24 24 0 0 0 54 137 21 21 0 0
0
75 114 18 18 0 0 0 56 97 14 14 0 0 0 43 112 11 11 0 0 0 54 123" fill="none" stroke="{deep}"
stroke-width="4"/>
<path d="M86 68Q104 90 100 134M122 60Q140 82 136 124" fill="none" stroke="{accent}"
stroke-width="8"/>
""",
    "stove": """
<path d="M60 116Q60 104 100 104 140 104 140 116V158Q140 168 100 168 60 168 60 158Z"
fill="{accent}"/>
<path d="M60 116Q60 104 100 104 140 104 140 116 140 126 100 126 60 126 60 116Z" fill="#fff"
fill-opacity=".28"/>
<path d="M60 140Q100 152 140 140V150Q100 162 60 150Z" fill="{accent_dark}"/>
<rect x="91" y="78" width="18" height="34" rx="3" fill="{dark}"/>
<path d="M109 92H150" stroke="#6d675f" stroke-width="4" stroke-linecap="round"/>
<rect x="148" y="84" width="12" height="16" rx="4" fill="{deep}"/>
<path d="M76 72H124L116 84H84Z" fill="url(#m)"/>
<path d="M100 80 52 46M100 80 148 46M100 78V44" stroke="{deep}" stroke-width="6"
stroke-linecap="round"/><path d="M44 46H62M138 46H156M92 44H108" stroke="{deep}" stroke-width="6"
stroke-linecap="round"/>
<path d="M82 70Q78 56 84 48 86 56 92 54 92 42 100 36 106 44 107 54 113 56 116 48 122 58 118 70Z"
fill="#6fb1e4" fill-opacity=".85"/>
""",
    "pot": """
<path d="M148 96H176Q184 96 184 104 184 110 176 110H148Z" fill="#3c3936"/>
<path d="M44 82H150L146 148Q146 160 132 160H62Q48 160 48 148Z" fill="url(#m)"/>
<path d="M48 90H64L68 160H62Q50 160 49 148Z" fill="#fff" fill-opacity=".25"/>
<path d="M40 74Q40 68 97 68 154 68 154 74V84H40Z" fill="{dark}"/>
<path d="M52 68Q60 54 97 54 134 54 142 68Z" fill="{light}"/>
<path d="M88 54Q88 44 97 44 106 44 106 54Z" fill="{accent_dark}"/>
<g stroke="{deep}" stroke-opacity=".4" stroke-width="2"><path d="M118 104H132M122 116H132M118
128H132M122 140H132"/></g>
""",
    "mug": """
<path d="M138 76Q174 72 172 106 170 136 134 136L136 122Q156 122 157 104 158 88 138 90Z"
fill="{dark}"/>
<path d="M42 58H144L140 146Q139 160 124 160H62Q47 160 46 146Z" fill="url(#m)"/>
<path d="M50 66H66L68 158H62Q48 160 47 146Z" fill="#fff" fill-opacity=".3"/>
<ellipse cx="93" cy="58" rx="51" ry="9" fill="{accent_dark}"/>
<ellipse cx="93" cy="59.5" rx="45" ry="6.5" fill="#4a3527"/>
<path d="M72 130 92 96 102 112 108 104 124 130Z" fill="{accent}" fill-opacity=".9"/>
<circle cx="116" cy="92" r="6" fill="{accent}" fill-opacity=".9"/>
""",
    "spork": """
<g transform="rotate(35 100 100)"><path d="M84 24C70 24 68 64 88 74L92 172Q96 178 100 172L96 74C114
64
110 24 96 24Z" fill="url(#m)"/><path d="M80 40Q78 60 92 66" fill="none" stroke="#fff"
stroke-opacity=".45" stroke-width="4" stroke-linecap="round"/></g>
<g transform="rotate(-35 100 100)"><path d="M88 22V56Q88 70 96 76L98 172Q102 178 106 172L104 76Q112
70
112 56V22H107V52H103V22H97V52H93V22Z" fill="{accent_dark}"/></g>
""",
    "canister": """
<rect x="88" y="32" width="24" height="20" rx="3" fill="#b5b0a7"/>
<path d="M82 48H118L122 62H78Z" fill="#8f8a82"/>
<path d="M52 92Q52 60 100 60 148 60 148 92V150Q148 166 100 166 52 166 52 150Z" fill="url(#m)"/>
<path d="M60 86Q64 70 84 66L80 162Q60 160 60 150Z" fill="#fff" fill-opacity=".2"/>
<path d="M52 104Q100 118 148 104V136Q100 150 52 136Z" fill="{accent}"/>
<path d="M100 112Q113 124 108 133 104 140 100 140 94 140 91 133 88 126 95 121 97 126 99 126 102 120
100
112Z" fill="{main}"/>
""",
    "bottle": """
<path d="M84 26H116V44H84Z" fill="{deep}"/>
<path d="M88 20Q88 12 100 12 112 12 112 20V28H88Z" fill="none" stroke="{deep}" stroke-width="5"/>
<path d="M82 42H118Q120 56 132 64 138 70 138 80V156Q138 170 124 170H76Q62 170 62 156V80Q62 70 68 64
80
56 82 42Z" fill="url(#m)"/>
<path d="M72 80Q72 70 80 64V166H76Q70 164 70 156Z" fill="#fff" fill-opacity=".3"/>
<path d="M126 70Q138 72 138 80V156Q138 170 124 170Z" fill="{deep}" fill-opacity=".3"/>
<path d="M62 152H138V156Q138 170 124 170H76Q62 170 62 156Z" fill="{accent_dark}"/>
""",
    "filter": """
<path d="M70 22H110V40H70Z" fill="{deep}"/>
<path d="M64 40H116V92H64Z" fill="#e8eef0" fill-opacity=".95"/>
<path d="M64 60H116V92H64Z" fill="#bfdbe8"/>
<rect x="60" y="86" width="60" height="16" rx="4" fill="{deep}"/>
<path d="M66 102H114V150Q114 162 102 162H78Q66 162 66 150Z" fill="url(#m)"/>
<path d="M72 106H82V156Q72 156 72 148Z" fill="#fff" fill-opacity=".3"/>
<path d="M114 124C150 122 134 66 158 64 172 64 168 96 160 118" fill="none" stroke="{accent_dark}"
stroke-width="7" stroke-linecap="round"/>
<path d="M90 116Q100 130 98 138 95 145 90 145 85 145 82 138 80 130 90 116Z" fill="#e9f4f8"/>
""",
    "headlamp": """
<path d="M36 96C44 46 156 46 164 96" fill="none" stroke="{accent_dark}" stroke-width="16"/>
<path d="M36 96C44 46 156 46 164 96" fill="none" stroke="{accent}" stroke-width="6"
stroke-dasharray="10 8"/>
<path d="M34 92C30 150 170 150 166 92" fill="none" stroke="{accent_dark}" stroke-width="14"/>
<path d="M58 104Q58 90 72 90H128Q142 90 142 104V136Q142 150 128 150H72Q58 150 58 136Z"
fill="url(#m)"/>
<path d="M58 104Q58 90 72 90H128Q142 90 142 104L140 108Q100 98 60 108Z" fill="#fff"
fill-opacity=".22"/>
<circle cx="88" cy="122" r="20" fill="{deep}"/><circle cx="88" cy="122" r="15" fill="#fdf6d6"/>
<circle cx="83" cy="117" r="5" fill="#fff"/>
<circle cx="125" cy="122" r="9" fill="{deep}"/><circle cx="125" cy="122" r="5.5" fill="#f3b9a8"/>
<rect x="90" y="84" width="20" height="7" rx="3" fill="{deep}"/>
""",
    "lantern": """
<path d="M70 60C70 22 130 22 130 60" fill="none" stroke="#5b554e" stroke-width="5"/>
<path d="M74 58Q74 44 100 44 126 44 126 58L134 72H66Z" fill="url(#m)"/>
<path d="M70 72H130L136 134H64Z" fill="#fff2c4"/>
<path d="M100 82C118 98 116 126 100 128 84 126 82 98 100 82Z" fill="#f7c65a"/>
<path d="M100 100C108 108 107 122 100 124 93 122 92 108 100 100Z" fill="#fdf0c0"/>
<g stroke="{dark}" stroke-width="4"><path d="M70 72 64 134M130 72 136 134M85 72 82 134M115 72 118
134"/></g>
<path d="M58 132H142L146 156Q146 166 134 166H66Q54 166 54 156Z" fill="url(#m)"/>
<rect x="88" y="144" width="24" height="9" rx="4" fill="{accent}"/>
""",
    "chair": """
<path d="M58 166 140 96M146 166 62 100M50 52 58 120M152 52 144 120" stroke="#6f6a63"
stroke-width="6"
stroke-linecap="round"/>
<path d="M46 40Q100 54 154 40L148 112Q100 124 54 112Z" fill="url(#m)"/>
<path d="M52 108Q100 122 148 108L158 128Q100 146 42 128Z" fill="{dark}"/>
<path d="M42 128Q100 146 158 128L156 136Q100 154 44 136Z" fill="{deep}"/>
<path d="M50 56Q100 70 151 56" fill="none" stroke="{accent}" stroke-width="5"/>
<path d="M30 94H58M142 94H170" stroke="{deep}" stroke-width="8" stroke-linecap="round"/>
""",
    "hammock": """
<path d="M16 52 44 82M184 52 156 82" stroke="#7b6a55" stroke-width="4"/>
<path d="M14 30V170M186 30V170" stroke="#a58a68" stroke-width="9" stroke-linecap="round"/>
<path d="M40 76C60 160 140 160 160 76 146 108 130 122 100 122 70 122 54 108 40 76Z" fill="url(#m)"/>
<path d="M40 76C58 118 142 118 160 76 148 134 130 122 100 122 70 122 52 134 40 76Z" fill="{deep}"
fill-opacity=".55"/>
<path d="M52 104C66 148 134 148 148 104M62 126C80 150 120 150 138 126" fill="none" stroke="{accent}"
stroke-width="4"/>
""",
    "knife": """
<path d="M96 96 168 34Q176 62 150 84L114 114Z" fill="#dfe1e0"/>
<path d="M96 96 168 34Q170 42 168 50L108 108Z" fill="#f6f7f6"/>
<path d="M98 94 116 112 56 164Q44 172 36 164 28 154 38 144Z" fill="url(#m)"/>
<path d="M98 94 104 100 44 154Q38 160 34 158 30 152 38 144Z" fill="#fff" fill-opacity=".22"/>
<g fill="{accent}"><circle cx="98" cy="110" r="4"/><circle cx="76" cy="130" r="4"/><circle cx="54"
cy="149" r="4"/></g>
<path d="M92 90 120 118" stroke="#8d8880" stroke-width="7" stroke-linecap="round"/>
""",
    "compass": """
<path d="M100 46Q96 24 110 18 128 14 124 30" fill="none" stroke="{accent_dark}" stroke-width="5"/>
<circle cx="100" cy="108" r="62" fill="url(#m)"/><circle cx="100" cy="108" r="50" fill="#faf7f0"/>
<g stroke="#6b665f" stroke-width="3"><path d="M100 62V72M100 144V154M54 108H64M136 108H146"/></g>
<g stroke="#b1aba1" stroke-width="2"><path d="M68 76 73 81M132 76 127 81M68 140 73 135M132 140 127
135"/></g>
<path d="M126 74 108 116 92 100Z" fill="#c8402f"/><path d="M74 142 92 100 108 116Z" fill="#5d6b7a"/>
<circle cx="100" cy="108" r="5" fill="#fff"/>
<path d="M60 84A46 46 0 0 1 96 62" stroke="#fff" stroke-width="6" stroke-opacity=".7" fill="none"/>
""",
    # The cross is green: a red one is not ours to draw.
    "first-aid": """
<path d="M82 56Q82 42 100 42 118 42 118 56" fill="none" stroke="{deep}" stroke-width="7"/>
<rect x="34" y="54" width="132" height="106" rx="16" fill="url(#m)"/>
<path d="M34 84Q100 94 166 84" fill="none" stroke="{deep}" stroke-width="3"/>
<rect x="34" y="54" width="132" height="28" rx="14" fill="#fff" fill-opacity=".14"/>
<circle cx="100" cy="116" r="30" fill="#fbf8f2"/>
<path d="M92 96H108V108H120V124H108V136H92V124H80V108H92Z" fill="#2f7d5b"/>
<rect x="150" y="80" width="7" height="20" rx="3" fill="{accent_dark}"/>
""",
    "poles": """
<g stroke-linecap="round"><path d="M62 34 96 168" stroke="{dark}" stroke-width="6"/><path d="M138 34
104
168" stroke="{main}" stroke-width="6"/><path d="M70 66 84 120M130 66 116 120" stroke="{accent}"
stroke-width="6.5"/></g>
<path d="M54 20Q62 14 68 22L76 62Q72 68 66 64Z" fill="#3b3734"/><path d="M146 20Q138 14 132 22L124
62Q128 68 134 64Z" fill="#3b3734"/>
<path d="M56 24C36 34 40 64 60 60M144 24C164 34 160 64 140 60" fill="none" stroke="{deep}"
stroke-width="5"/>
<ellipse cx="92" cy="152" rx="14" ry="5" fill="{deep}"/><ellipse cx="108" cy="152" rx="14" ry="5"
fill="{deep}"/>
<g fill="#5d5852"><rect x="79" y="102" width="10" height="14" rx="2" transform="rotate(-14 84
109)"/><rect x="111" y="102" width="10" height="14" rx="2" transform="rotate(14 116 109)"/></g>
""",
    "pole-tips": """
<path d="M50 60H86L92 132Q92 150 68 150 44 150 44 132Z" fill="url(#m)"/>
<path d="M112 60H148L156 132Q156 150 132 150 108 150 108 132Z" fill="url(#m)"/>
<g stroke="{accent_dark}" stroke-width="4"><path d="M48 84H88M47 98H89M46 112H90M111 84H151M110
98H152M109 112H153"/></g>
<ellipse cx="68" cy="60" rx="18" ry="6" fill="{deep}"/><ellipse cx="130" cy="60" rx="18" ry="6"
fill="{deep}"/>
""",
    "gaiters": """
<g id="h"><path d="M46 30H88L92 110 104 146Q84 160 40 150L44 112Z" fill="url(#m)"/>
<path d="M44 112 92 110 104 146Q84 160 40 150Z" fill="{dark}"/>
<path d="M66 30 70 152" stroke="{accent}" stroke-width="4"/><path d="M46 30H88L89 42H46Z"
fill="{deep}"/>
<path d="M42 152Q70 172 100 150" fill="none" stroke="{deep}" stroke-width="4"/></g>
<use href="#h" transform="translate(62 6)"/>
""",
    # --- Climbing ---
    "rope": """
<g fill="none" stroke-linecap="round" stroke-width="9"><path d="M100 36C62 36 50 70 50 100 50 134 68
164 100 164 132 164 150 134 150 100 150 70 138 36 100 36Z" stroke="{dark}"/><path d="M92 40C60 44 62
78 62 102 62 132 76 158 102 158 128 156 138 128 138 100 138 72 130 48 108 42" stroke="{main}"/>
<path d="M88 50C72 62 74 84 74 104 74 130 86 150 104 150 122 148 127 122 127 100 127 80 122 62 112
54" stroke="{light}"/><path d="M100 36C62 36 50 70 50 100 50 134 68 164 100 164 132 164 150 134 150
100 150 70 138 36 100 36Z" stroke="{accent}" stroke-width="3" stroke-dasharray="2 14"/><path d="M92
40C60 44 62 78 62 102 62 132 76 158 102 158 128 156 138 128 138 100 138 72 130 48 108 42"
stroke="{accent}" stroke-width="3" stroke-dasharray="2 14"/></g>
<path d="M82 56H118V92H82Z" fill="url(#m)"/>
<path d="M82 62H118M82 71H118M82 80H118M82 89H118" stroke="{deep}" stroke-width="2.5"/>
<path d="M86 56C80 24 118 20 114 56" fill="none" stroke="{main}" stroke-width="8"/>
""",
    "carabiner": """
<path d="M74 34Q100 22 124 38 138 50 136 70L126 140Q120 166 94 164 68 160 70 134L64 58Q62 42 74 34Z"
fill="none" stroke="url(#m)" stroke-width="14"/>
<path d="M68 70 74 140" stroke="{accent_dark}" stroke-width="15"/>
<path d="M64 74 70 126" stroke="#fff" stroke-opacity=".35" stroke-width="4" stroke-linecap="round"/>
<path d="M80 37Q102 28 120 44" fill="none" stroke="#fff" stroke-opacity=".5" stroke-width="4"
stroke-linecap="round"/>
<rect x="62" y="84" width="20" height="30" rx="4" fill="{deep}" transform="rotate(-6 72 99)"/>
""",
    "harness": """
<path d="M36 62Q100 84 164 62L166 84Q100 108 34 84Z" fill="url(#m)"/>
<path d="M62 88C40 116 44 160 72 162 98 160 98 120 88 96" fill="none" stroke="{dark}"
stroke-width="13"/><path d="M138 88C160 116 156 160 128 162 102 160 102 120 112 96" fill="none"
stroke="{main}" stroke-width="13"/>
<path d="M36 70Q100 92 164 70" fill="none" stroke="{accent}" stroke-width="4"/>
<path d="M100 82V116" stroke="{accent_dark}" stroke-width="10" stroke-linecap="round"/>
<rect x="72" y="72" width="22" height="20" rx="3" fill="none" stroke="#77726a" stroke-width="5"/>
<path d="M44 84Q46 104 60 100M156 84Q154 104 140 100" fill="none" stroke="{deep}" stroke-width="5"/>
""",
    # --- Care ---
    "tin": """
<path d="M36 98Q36 70 100 70 164 70 164 98V134Q164 160 100 160 36 160 36 134Z" fill="#8f877b"/>
<path d="M36 92Q36 64 100 64 164 64 164 92V112Q164 140 100 140 36 140 36 112Z" fill="url(#m)"/>
<ellipse cx="100" cy="92" rx="64" ry="28" fill="{main}"/>
<ellipse cx="100" cy="92" rx="54" ry="22" fill="{accent}"/>
<path d="M80 104C78 86 96 78 124 80 122 96 108 108 88 104Z" fill="{main}"/>
<path d="M74 108 112 86" stroke="{dark}" stroke-width="2.5" stroke-linecap="round"/>
<path d="M52 84Q66 70 100 69" fill="none" stroke="#fff" stroke-opacity=".6" stroke-width="4"
stroke-linecap="round"/>
""",
    "laces": """
<g fill="none" stroke-linecap="round" stroke-width="8"><path d="M56 40C20 70 30 150 76 150 120 150
120
60 84 60 52 60 56 130 92 132" stroke="{dark}"/><path d="M144 40C180 70 170 150 124 150 80 150 80 60
116 60 148 60 144 130 108 132" stroke="{main}"/><path d="M144 40C180 70 170 150 124 150 80 150 80 60
116 60 148 60 144 130 108 132M56 40C20 70 30 150 76 150" stroke="{accent}" stroke-width="2.5"
stroke-dasharray="3 9"/></g>
<path d="M56 40 68 28M144 40 132 28" stroke="#5a554e" stroke-width="6" stroke-linecap="round"/>
<rect x="80" y="88" width="40" height="34" rx="4" fill="#faf6ec"/>
<path d="M80 98H120" stroke="{main}" stroke-width="6"/>
""",
    "brush": """
<path d="M28 96Q28 66 60 66H142Q174 66 174 96V112H28Z" fill="url(#m)"/>
<path d="M36 90Q38 74 60 74H140" fill="none" stroke="#fff" stroke-opacity=".4" stroke-width="5"
stroke-linecap="round"/>
<path d="M32 112H170L164 156H38Z" fill="{accent}"/>
<g stroke="{accent_dark}" stroke-width="3"><path d="M46 114V156M60 114V156M74 114V156M88 114V156M102
114V156M116 114V156M130 114V156M144 114V156M158 114 156 156"/></g>
<path d="M28 106H174V114H28Z" fill="{dark}"/>
""",
    "insole": """
<path d="M66 28C92 22 98 52 94 84 92 110 94 132 86 152 80 170 54 172 48 152 42 128 54 112 50 88 42
58
46 34 66 28Z" fill="{dark}"/>
<path d="M136 24C162 30 160 60 152 88 148 110 158 128 152 152 146 172 120 170 114 152 106 132 110
108
106 84 102 50 112 20 136 24Z" fill="url(#m)"/>
<path d="M134 160C120 160 114 138 118 126 130 116 146 120 152 132 154 150 146 162 134 160Z"
fill="{accent}"/><path d="M110 76Q128 90 154 82" fill="none" stroke="{accent}" stroke-width="4"/>
<g fill="{deep}" fill-opacity=".4"><circle cx="124" cy="48" r="3"/><circle cx="136" cy="42"
r="3"/><circle cx="146" cy="52" r="3"/><circle cx="132" cy="58" r="3"/></g>
<path d="M66 160C54 160 50 140 54 130" fill="none" stroke="{deep}" stroke-width="4"/>
""",
    "spray": """
<path d="M84 30H112L122 40V52H84Z" fill="{deep}"/>
<path d="M122 40H140V46H122Z" fill="{deep}"/>
<rect x="90" y="50" width="20" height="16" fill="#c9c3b8"/>
<path d="M66 84Q66 64 100 64 134 64 134 84V158Q134 168 124 168H76Q66 168 66 158Z" fill="url(#m)"/>
<path d="M74 84Q74 72 86 70V164H78Q74 164 74 156Z" fill="#fff" fill-opacity=".28"/>
<path d="M66 96H134V148H66Z" fill="#faf7ef"/>
<path d="M100 104Q114 122 111 131 107 140 100 140 93 140 89 131 86 122 100 104Z" fill="{main}"/>
<g fill="{main}" fill-opacity=".5"><circle cx="152" cy="40" r="3"/><circle cx="162" cy="34"
r="3"/><circle cx="162" cy="46" r="3"/><circle cx="172" cy="40" r="3"/></g>
""",
    "patch": """
<rect x="40" y="36" width="92" height="124" rx="10" fill="#efe8da" transform="rotate(-6 86 98)"/>
<rect x="56" y="60" width="100" height="76" rx="16" fill="url(#m)" transform="rotate(5 106 98)"/>
<rect x="63" y="67" width="86" height="62" rx="11" fill="none" stroke="{accent}" stroke-width="3"
stroke-dasharray="7 5" transform="rotate(5 106 98)"/>
<path d="M134 164 172 72" stroke="#8d8880" stroke-width="4" stroke-linecap="round"/>
<path d="M172 72C150 60 176 40 150 32" fill="none" stroke="{accent_dark}" stroke-width="3"/>
""",
    # --- Paper, food, the rest ---
    "map": """
<path d="M30 50 76 36 124 52 170 38V148L124 164 76 148 30 162Z" fill="#f6f0df"/>
<path d="M30 50 76 36V148L30 162ZM124 52 170 38V148L124 164Z" fill="#000" fill-opacity=".05"/>
<path d="M30 112Q52 92 76 104 100 118 124 96 146 82 170 96V148L124 164 76 148 30 162Z"
fill="{main}" fill-opacity=".55"/>
<path d="M30 130Q54 116 76 126 104 140 124 122 148 108 170 120V148L124 164 76 148 30 162Z"
fill="{main}" fill-opacity=".7"/>
<path d="M46 142C58 120 72 136 86 116 96 98 116 112 122 90 126 76 142 82 152 64" fill="none"
stroke="#c8402f" stroke-width="4" stroke-dasharray="8 6" stroke-linecap="round"/>
<path d="M152 70C142 58 144 46 152 46 160 46 162 58 152 70Z" fill="#c8402f"/>
<path d="M48 84 58 66 66 78 70 72 76 84Z" fill="{dark}"/>
<path d="M76 36V148M124 52V164" stroke="#b9b09c" stroke-width="1.5"/>
""",
    "book": """
<path d="M54 34H142Q150 34 150 42V160Q150 168 142 168H54Z" fill="#efe7d5"/>
<path d="M48 30H140Q146 30 146 36V158Q146 162 140 162H60Q48 162 48 168Z" fill="url(#m)"/>
<path d="M48 30H60V162Q48 162 48 168Z" fill="{deep}"/>
<path d="M60 166H148" stroke="#cfc5ae" stroke-width="2"/>
<path d="M70 122 98 74 112 96 120 86 138 122Z" fill="{accent}"/>
<circle cx="124" cy="66" r="9" fill="{accent}"/>
<path d="M70 136H138M82 146H126" stroke="{accent}" stroke-width="4" stroke-linecap="round"
stroke-opacity=".7"/>
<path d="M70 46H110" stroke="{accent}" stroke-width="5" stroke-linecap="round"/>
""",
    "bar": """
<g transform="rotate(-18 100 104)"><path d="M20 76H180L176 82 180 88 176 94 180 100 176 106 180 112
176 118 180 124 176 130 180 136H20L24 130 20 124 24 118 20 112 24 106 20 100 24 94 20 88 24 82Z"
fill="url(#m)"/><path d="M36 76H40V136H36ZM160 76H164V136H160Z" fill="#fff" fill-opacity=".3"/>
<path d="M40 82Q100 76 160 84V92Q100 84 40 92Z" fill="#fff" fill-opacity=".25"/>
<circle cx="76" cy="108" r="18" fill="{accent}"/><path d="M68 116C64 100 76 94 86 98 88 110 80 118
68
116Z" fill="{dark}"/><path d="M104 102H148M104 114H136" stroke="{accent}" stroke-width="6"
stroke-linecap="round"/></g>
""",
    "meal": """
<path d="M50 40H150L146 50 154 150Q154 166 100 166 46 166 46 150L54 50Z" fill="url(#m)"/>
<path d="M50 32H150V48H50Z" fill="{deep}"/><path d="M52 40H148" stroke="#fff" stroke-opacity=".3"
stroke-width="2" stroke-dasharray="4 3"/>
<path d="M58 52H70L64 160Q50 156 50 150Z" fill="#fff" fill-opacity=".2"/>
<path d="M66 104H134Q134 136 100 136 66 136 66 104Z" fill="{accent}"/>
<path d="M62 100H138V107H62Z" fill="{accent_dark}"/>
<g fill="none" stroke="{accent}" stroke-width="4" stroke-linecap="round"><path d="M84 92Q78 84 84 78
90 72 84 64M100 92Q94 84 100 78 106 72 100 64M116 92Q110 84 116 78 122 72 116 64"/></g>
""",
    "gift-box": """
<rect x="42" y="86" width="116" height="78" rx="4" fill="url(#m)"/>
<rect x="34" y="66" width="132" height="28" rx="4" fill="{main}"/>
<rect x="34" y="88" width="132" height="6" fill="{deep}" fill-opacity=".35"/>
<rect x="89" y="66" width="22" height="98" fill="{accent}"/>
<path d="M100 66C70 70 56 48 68 38 82 30 98 48 100 66ZM100 66C130 70 144 48 132 38 118 30 102 48 100
66Z" fill="{accent_dark}"/>
<path d="M96 62C80 60 70 50 74 45 82 44 92 52 96 62ZM104 62C120 60 130 50 126 45 118 44 108 52 104
62Z" fill="{dark}"/><circle cx="100" cy="66" r="7" fill="{accent}"/>
""",
    "sticker": """
<circle cx="100" cy="100" r="66" fill="#fffdf8"/><circle cx="100" cy="100" r="58" fill="url(#m)"/>
<path d="M54 128 84 80 100 104 112 88 146 128Q126 156 100 157 74 156 54 128Z" fill="{accent}"/>
<path d="M76 93 84 80 93 94 86 92ZM106 96 112 88 120 98 112 98Z" fill="#fffdf8"/>
<circle cx="122" cy="66" r="11" fill="{accent}"/>
<path d="M140 153A66 66 0 0 0 165 110Q150 132 140 153Z" fill="#d9d3c6"/>
""",
    "service": """
<circle cx="100" cy="100" r="62" fill="url(#m)"/>
<path d="M68 130C62 108 64 84 64 70H96C96 88 104 98 118 104 132 108 138 114 138 130Z"
fill="#f7f3ea"/>
<path d="M62 130H140V142H62Z" fill="{accent}"/>
<g stroke="{main}" stroke-width="3.5" stroke-linecap="round"><path d="M84 84 94 80M86 94 98 88M93
102
104 95"/></g>
<path d="M128 74 134 60 140 74 154 80 140 86 134 100 128 86 114 80Z" fill="{accent}"/>
""",
    "box": """
<path d="M100 44 168 74V140L100 170 32 140V74Z" fill="{main}"/>
<path d="M100 104 168 74V140L100 170Z" fill="{dark}"/>
<path d="M32 74 100 44 168 74 100 104Z" fill="{light}"/>
<path d="M58 62 128 92V116L140 110V86L72 56Z" fill="{accent}" fill-opacity=".75"/>
<path d="M100 104V170" stroke="{deep}" stroke-opacity=".4" stroke-width="2"/>
<path d="M42 108 72 121V140L42 127Z" fill="#faf7ef"/>
<path d="M47 115 67 124M47 122 60 128" stroke="{deep}" stroke-opacity=".5" stroke-width="2"/>
<path d="M150 112V128M144 117 150 110 156 112" fill="none" stroke="{deep}" stroke-opacity=".5"
stroke-width="3"/>
""",
}

# One of these goes over the drawing, by the style's number.
DETAILS: dict[str, tuple[str, ...]] = {
    "running-shoe": (
        '<path d="M62 136C76 127 89 115 99 101L110 109C101 122 91 131 80 137Z" fill="{accent}"/>',
        '<path d="M71 136 86 105 95 112 86 137ZM98 137 107 113 118 117 111 137Z" fill="{accent}"/>',
        '<path d="M62 130C72 112 84 130 96 116 106 108 114 126 132 124" fill="none"'
        ' stroke="{accent}" stroke-width="4.5" stroke-linecap="round"/>',
    ),
    "t-shirt": (
        '<path d="M70 118 94 84 104 98 110 90 130 118Z" fill="{accent}"/>'
        '<circle cx="120" cy="80" r="7" fill="{accent}"/>',
        '<path d="M54 92H146V104H54ZM54 112H146V118H54Z" fill="{accent}"/>',
        '<path d="M114 80H134V100L124 105 114 100Z" fill="{accent}"/>',
    ),
    "bottle": (
        '<path d="M84 122 98 98 106 110 110 104 120 122Z" fill="{accent}"/>',
        '<path d="M62 92H138V98H62ZM62 104H138V108H62Z" fill="{accent}"/>',
        '<circle cx="102" cy="110" r="14" fill="none" stroke="{accent}" stroke-width="5"/>',
    ),
    "beanie": (
        '<circle cx="100" cy="42" r="17" fill="{accent}"/><circle cx="95" cy="37" r="7" fill="#fff"'
        ' fill-opacity=".3"/>',
        "",
    ),
    "sock": (
        '<path d="M58 58H104V64H58ZM58 70H104V76H58Z" fill="{accent}"/>',
        '<path d="M58 78 70 66 81 78 92 66 104 78V86L92 74 81 86 70 74 58 86Z" fill="{accent}"/>',
        '<g fill="{accent}"><circle cx="70" cy="66" r="4"/><circle cx="91" cy="66" r="4"/>'
        '<circle cx="80" cy="80" r="4"/><circle cx="70" cy="94" r="4"/>'
        '<circle cx="91" cy="94" r="4"/></g>',
    ),
    "jacket": (
        "",
        '<path d="M48 62 70 50C80 60 120 60 130 50L152 62 157 76Q100 96 43 76Z" fill="{accent}"'
        ' fill-opacity=".85"/>',
        '<rect x="110" y="78" width="24" height="5" rx="2" fill="{accent}"/>',
    ),
}

# Where the shadow lies and how far it reaches, of what is not as tall as the rest.
FLOOR = {
    "cap": (156, 66),
    "duffel": (160, 72),
    "pouch": (158, 58),
    "running-shoe": (161, 74),
    "sandal": (164, 74),
    "shorts": (156, 56),
    "sneaker": (158, 74),
    "tent": (158, 84),
}


def svg(public_id: str) -> bytes:
    """A square picture without text; of an id that says nothing to us, a plain box."""
    named = PUBLIC_ID.fullmatch(public_id)
    parts = named.groups() if named else GENERIC
    kind, main, accent, style = parts if parts[0] in DRAWINGS else GENERIC
    details = DETAILS.get(kind, ("",))
    # A pale thing needs a darker ground to stand out from.
    ground = "dcd8d0" if sum(_channels(main)) > 630 else "eeebe6"
    colours = {
        "main": main,
        "light": _mix(main, "ffffff", 0.24),
        "dark": _mix(main, "1d1a18", 0.2),
        "deep": _mix(main, "1d1a18", 0.45),
        "accent": accent,
        "accent_dark": _mix(accent, "1d1a18", 0.18),
        "ground": _mix(ground, main, 0.07),
        "ground_light": _mix("faf9f6", ground, 0.3),
    }
    filling = {name: f"#{colour}" for name, colour in colours.items()}
    floor, spread = FLOOR.get(kind, (168, 62))
    drawing = (DRAWINGS[kind] + details[int(style) % len(details)]).format(**filling)
    picture = FRAME.format(**filling, floor=floor, spread=spread, drawing=drawing.strip())
    return picture.encode()


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour)
    return red, green, blue


def _mix(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
