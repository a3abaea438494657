"""Cuts the page's fonts to the characters that the page itself uses: src/components/fonts, with the style sheet that names them.

    pip install fonttools brotli && python scripts/subset_fonts.py

Run it again where the page's own texts use a character that `fonts.test.ts` misses. The build needs no Python.

IBM Plex is under the SIL Open Font License with "Plex" as a Reserved Font Name: what is cut is a Modified Version and says
so, its names are ConvScope Sans and ConvScope Mono. The complete files come with their npm packages; the page fetches one
for the first character that only it has. Hinting stays, for Windows; kerning stays; fractions and ligatures, which no text
here asks for, do not.
"""

import io
import re
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

root = Path(__file__).parent.parent
out = root / 'src/components/fonts'
weights = {400: 'Regular', 500: 'Medium', 600: 'SemiBold'}
faces = [('sans', 400), ('sans', 500), ('sans', 600), ('mono', 400), ('mono', 500)]


def used() -> set[int]:
    """Printable ASCII, and what stands in the page's texts, those of the networks and of the weights."""
    files = [*root.glob('src/**/*.json'), *root.glob('src/**/*.ts'), *root.glob('src/**/*.tsx')]
    files += [root / 'public/weights/manifest.json']
    text = ''.join(file.read_text() for file in files if '.test.' not in file.name and 'gallery' not in file.parts)
    escaped = {int(code, 16) for code in re.findall(r'\\u([0-9a-fA-F]{4})', text)}
    return {*range(0x20, 0x7F), *(code for code in {*map(ord, text)} | escaped if code >= 0xA0)}


def ranges(characters: set[int]) -> str:
    parts: list[list[int]] = []
    for each in sorted(characters):
        if parts and each == parts[-1][1] + 1:
            parts[-1][1] = each
        else:
            parts.append([each, each])
    return ', '.join(f'U+{a:04X}' if a == b else f'U+{a:04X}-{b:04X}' for a, b in parts)


def rename(font: TTFont, family: str, weight: int) -> None:
    style, name = weights[weight], font['name']
    plain = family.replace(' ', '')
    names = {
        1: family if weight == 400 else f'{family} {style}',
        2: 'Regular',
        3: f'{plain}-{style}',
        4: f'{family} {style}',
        6: f'{plain}-{style}',
        13: 'This Font Software is licensed under the SIL Open Font License, Version 1.1.',
    }
    if weight != 400:
        names |= {16: family, 17: style}
    name.names = [record for record in name.names if record.nameID in (0, 5, 14)]
    for identity, text in names.items():
        name.setName(text, identity, 3, 1, 0x409)


def cut(kind: str, weight: int, characters: set[int]) -> str:
    stem = f'ibm-plex-{kind}-latin-{weight}-normal.woff2'
    package = f'@fontsource/ibm-plex-{kind}/files/{stem}'
    source = root / 'node_modules' / package
    font = TTFont(source, recalcTimestamp=False)
    has = set(font.getBestCmap())
    # What it says of the axes that it was made along is the original's, and names it.
    del_tables = ['STAT'] if 'STAT' in font else []
    options = subset.Options(flavor='woff2', layout_features=['kern', 'mark', 'ccmp'], name_IDs=['*'], drop_tables=del_tables)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters & has)
    subsetter.subset(font)
    rename(font, f'ConvScope {kind.title()}', weight)
    font.flavor = 'woff2'
    packed = io.BytesIO()
    font.save(packed)
    file = out / f'convscope-{kind}-{weight}.woff2'
    file.write_bytes(packed.getvalue())
    print(f'{file.name}: {len(packed.getvalue())} of {source.stat().st_size} bytes, {len(characters & has)} of {len(has)}')
    return ''.join(
        f"""@font-face {{
  font-family: 'IBM Plex {kind.title()}';
  font-weight: {weight};
  font-display: swap;
  src: url('{url}') format('woff2');
  unicode-range: {ranges(those)};
}}
"""
        for url, those in ((f'./{file.name}', characters & has), (package, has - characters))
    )


if __name__ == '__main__':
    out.mkdir(exist_ok=True)
    characters = used()
    head = '/* Made by scripts/subset_fonts.py: first what the page itself says, then what only others can say. */\n'
    (out / 'faces.css').write_text(head + ''.join(cut(kind, weight, characters) for kind, weight in faces))
