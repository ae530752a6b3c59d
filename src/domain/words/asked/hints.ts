/** Asking words tell what kind of entry would answer. */
const HINTS: Readonly<Record<string, readonly string[]>> = {
  why: ['decis', 'adr', 'becaus', 'reason', 'instead'],
  rules: ['guidelin'],
  how: ['runbook', 'command'],
  when: [
    'yesterday',
    'week',
    'ago',
    'month',
    'today',
    'tomorrow',
    'weekend',
    'last',
    'year',
    'night',
    'date',
  ],
  who: ['owner', 'team', 'person'],
}
const HOW_HINTS: Readonly<Record<string, readonly string[]>> = {
  long: ['year', 'month', 'week', 'day', 'hour', 'minut', 'second', 'sinc'],
  many: [
    'one',
    'two',
    'three',
    'four',
    'five',
    'six',
    'seven',
    'eight',
    'nine',
    'ten',
    'coupl',
    'few',
    'dozen',
  ],
  much: ['euro', 'eur', 'usd', 'dollar', 'cent', 'percent', 'mb', 'gb'],
  far: ['km', 'kilometr', 'metr', 'mile'],
  big: ['mb', 'gb', 'kb', 'kib', 'mib', 'byte', 'mm', 'cm'],
  large: ['mb', 'gb', 'kb', 'kib', 'mib', 'byte', 'mm', 'cm'],
  fast: ['ms', 'second', 'fps', 'rps'],
  often: ['daili', 'weekli', 'month', 'night', 'hour', 'week', 'day', 'minut', 'sunday', 'monday'],
  late: ['hour', 'minut', 'day', 'clock', 'deadlin'],
}

/** The asking words among these, with terms of what would answer. */
export function hintsIn(words: readonly string[]): [text: string, terms: readonly string[]][] {
  const asked = Object.entries(HINTS).filter(([word]) => words.includes(word))
  const how = Object.entries(HOW_HINTS).filter(([word]) => words[words.indexOf(word) - 1] === 'how')
  return [...asked, ...how]
}
