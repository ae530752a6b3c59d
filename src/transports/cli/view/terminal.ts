import { styleText } from 'node:util'
import type { ShellEnv } from '../../../config.ts'
import { visibleText } from '../../../domain/text/visible-text.ts'

const STYLES = ['bold', 'dim', 'red', 'green'] as const

/** What the output may look like. */
export interface Terminal extends Readonly<Record<(typeof STYLES)[number], (text: string) => string>> {
  /** Columns that a line may take; Infinity where the output is no terminal. */
  readonly width: number
}

interface Looks {
  readonly columns: number | undefined
  readonly env: ShellEnv
  /** What --color or --no-color asks for. */
  readonly color?: boolean | undefined
}

export function terminalOf(looks: Looks): Terminal {
  const asked = Number(looks.env.COLUMNS)
  // A terminal without a known size reports 0 columns.
  const width = Number.isInteger(asked) && asked > 0 ? asked : looks.columns || Number.POSITIVE_INFINITY
  const isColoured = hasColour(looks)
  const styles = STYLES.map((style) => {
    const styled = (text: string) => (isColoured ? styleText(style, text, { validateStream: false }) : text)
    return [style, styled] as const
  })
  return { width, ...(Object.fromEntries(styles) as Omit<Terminal, 'width'>) }
}

/** As in Node and most libraries: the option, then FORCE_COLOR, then NO_COLOR; else on a terminal that has any. */
function hasColour({ columns, env, color }: Looks): boolean {
  if (color !== undefined) return color
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return columns !== undefined && !env.NO_COLOR && env.TERM !== 'dumb'
}

/** Controls, and the marks that turn the direction of writing: nothing stored may steer the terminal. */
const STEERING = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/** A text of several lines, safe to print: anything that steers a terminal is spelled out. */
export function printable(text: string): string {
  const spelledOut = text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replaceAll(STEERING, (char) => (char === '\n' || char === '\t' ? char : spelled(char)))
  return visibleText(spelledOut)
}

/** The same on one line. */
export function oneLine(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' ').trim())
}

/** JSON that is safe to print, and means the same. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll(HIDDEN, (text) => (text === '\n' ? text : escaped(text)))
}

/** Tag characters and other plain text's hidden marks, beside what steers. */
const HIDDEN = new RegExp(`${STEERING.source}|[\\u200b\\u2060-\\u2064\\ufeff\\u{e0000}-\\u{e0fff}]`, 'gu')

function escaped(text: string): string {
  return text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}

function spelled(char: string): string {
  const code = char.charCodeAt(0).toString(16)
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' })
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u
const EMPTY = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u

/** How many columns a text takes. */
export function stringWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  for (const { segment } of GRAPHEMES.segment(text)) width += graphemeWidth(segment)
  return width
}

/** A text cut to so many columns, with a sign that it was. */
export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let cut = ''
  let used = 0
  for (const { segment } of GRAPHEMES.segment(text)) {
    used += graphemeWidth(segment)
    if (used > width - 1) break
    cut += segment
  }
  return `${cut}…`
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)))
}

function graphemeWidth(segment: string): number {
  if (WIDE.test(segment)) return 2
  return EMPTY.test(segment) ? 0 : 1
}
