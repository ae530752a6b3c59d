// What is stored is read by models and by people. A character that one of them cannot see must not speak to the other:
// Unicode's tag characters, marks that turn the direction of writing, separators and zero-width characters are spelled out.

/** Invisible characters where they belong: flags of regions, joiners inside words and emoji, one variation of a character. */
const IN_PLACE = [
  String.raw`\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{1,6}\u{e007f}`,
  String.raw`(?<=[^\x00-\x7f])[\u200c\u200d](?=[\p{L}\p{M}\p{Extended_Pictographic}\u2640\u2642])`,
  String.raw`(?<=[^\ufe00-\ufe0f\u{e0100}-\u{e01ef}\s])[\ufe00-\ufe0f]`,
  String.raw`(?<=\p{Script=Han})[\u{e0100}-\u{e01ef}]`,
].join('|')

const INVISIBLE = [
  String.raw`[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]`,
  String.raw`[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164]`,
  String.raw`[\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]`,
].join('|')

const FOUND = new RegExp(`(${IN_PLACE})|${INVISIBLE}`, 'gu')

/** The text with every hidden character spelled as its code point, `<U+E0041>`. Ends of lines and tabs stay. */
export function visibleText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(FOUND, (found: string, inPlace: string | undefined) =>
      inPlace === undefined ? spelled(found) : found,
    )
}

function spelled(char: string): string {
  return `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`
}
