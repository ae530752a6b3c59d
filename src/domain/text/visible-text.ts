// What is stored is read by models and by people. A character that one of them cannot see must not speak to the other:
// Unicode's tag characters, marks that turn the direction of writing, separators and zero-width characters are spelled out.

/** Scripts whose letters join or stack, where a joiner changes what is seen, at the end of a word too. */
const JOINING = scripts(
  'Arabic Syriac Mandaic Manichaean Nko Adlam Hanifi_Rohingya Mongolian Phags_Pa Devanagari Bengali Gurmukhi Gujarati',
  'Oriya Tamil Telugu Kannada Malayalam Sinhala Khmer Myanmar Tibetan Balinese Javanese Grantha Chakma',
)
const RIGHT_TO_LEFT = scripts('Hebrew Arabic Syriac Thaana Nko Mandaic Samaritan Adlam Hanifi_Rohingya')
const NEUTRAL = String.raw`[\p{P}\p{S}\p{Nd}\p{Zs}]{0,3}`
/** Of the flags made of tags, the three that fonts know: England, Scotland, Wales. */
const FLAG_TAGS = ['gbeng', 'gbsct', 'gbwls'].map((name) =>
  [...name].map((letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0))).join(''),
)

/** Invisible characters where they are seen: one at a time, beside what they are made for. */
const IN_PLACE = [
  String.raw`\u{1f3f4}(?:${FLAG_TAGS.join('|')})\u{e007f}`,
  String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})`,
  String.raw`(?<=(?=[\p{L}\p{M}])${JOINING})[\u200c\u200d]`,
  String.raw`(?<![\u200c\u200d])\u200d(?=(?=\p{L})${JOINING})`,
  String.raw`(?<=${RIGHT_TO_LEFT}${NEUTRAL})[\u200e\u200f\u061c](?![\u200e\u200f\u061c])`,
  String.raw`(?<![\u200e\u200f\u061c])[\u200e\u200f\u061c](?=${NEUTRAL}${RIGHT_TO_LEFT})`,
  String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier_Base}])[\ufe0e\ufe0f]`,
  String.raw`(?<=[0-9#*])\ufe0f(?=\u20e3)`,
  String.raw`(?<=\p{Script=Han})[\ufe00-\ufe02\u{e0100}-\u{e011f}]`,
  String.raw`(?<=[\p{Sm}\p{Script=Myanmar}\p{Script=Phags_Pa}])(?<![\x00-\x7f])\ufe00`,
  String.raw`(?<=[\u3001\u3002\uff01\uff0c\uff0e\uff1a\uff1b\uff1f])[\ufe00\ufe01]`,
  String.raw`(?<=(?=\p{L})\p{Script=Mongolian})[\u180b-\u180f]`,
].join('|')

const INVISIBLE = [
  String.raw`[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]`,
  String.raw`[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164]`,
  String.raw`[\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]`,
].join('|')

const FOUND = new RegExp(`(${IN_PLACE})|${INVISIBLE}`, 'gu')

/** The text with every hidden character spelled as its code point, `<U+E0041>`. Line feeds, returns and tabs stay; what only some take for the end of a line does not. */
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

function scripts(...names: readonly string[]): string {
  const each = names
    .flatMap((some) => some.split(' '))
    .map((name) => String.raw`\p{Script_Extensions=${name}}`)
  return `[${each.join('')}]`
}
