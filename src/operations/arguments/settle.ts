import { severalIn } from '../../domain/leases/path-forms.ts'
import { isExact } from '../../domain/text/exact-number.ts'
import { containerIn, exactValueIn, jsonIn, partsOf, tagOf, tagsIn } from './literals.ts'
import { numberIn, truthIn } from './numbers.ts'
import { type ArgumentSchema, choicesOf, isTime, typesOf } from './schema.ts'
import { textIn } from './texts.ts'
import { readTime } from './times.ts'
import { spelledName, spelledWord } from './words.ts'

// What models send for a value, made into that value: the declared type decides. What fits no reading stays as it is, for
// the operation's own schema to refuse.

interface Place {
  /** The argument's or property's own name. */
  readonly name: string
  readonly isRequired: boolean
  /** Epoch milliseconds, for durations from now. */
  readonly now: number
}

/** The value that is meant, undefined for 'not given'. */
export function settle(schema: ArgumentSchema, sent: unknown, place: Place): unknown {
  const given = isNullWord(schema, sent, place) ? null : bareAgent(sent, place)
  if (isNotGiven(schema, given, place)) return undefined
  if (schema.anyJson) return settleAny(given)
  const types = typesOf(schema)
  if (types.size === 0) return given
  const value = types.has('string') ? given : fromOther(given, schema, place)
  if (types.has('array') && !(types.has('object') && isObject(value))) return settleList(schema, value, place)
  if (types.has('object')) return settleObject(schema, value, place)
  return settleOne(schema, value, place)
}

function settleOne(schema: ArgumentSchema, value: unknown, place: Place): unknown {
  if (typeof value === 'string' || typeof value === 'number') return settleText(schema, value, place)
  const text = typesOf(schema).has('string') ? textIn(value, place.name) : undefined
  if (text !== undefined) return settleText(schema, text, place)
  const only = onlyOf(value)
  return only === undefined ? value : settle(schema, only, place)
}

/** An agent is the same with the blanks or the line end that a shell or an env file left, as in the setting. */
function bareAgent(sent: unknown, { name }: Place): unknown {
  return name === 'agent_id' && typeof sent === 'string' ? sent.trim() : sent
}

/** Null, an empty text where it can mean nothing, and an empty list where one must hold something. */
function isNotGiven(schema: ArgumentSchema, given: unknown, { name, isRequired }: Place): boolean {
  const types = typesOf(schema)
  if (given === null) return !schema.anyJson && types.size > 0 && !types.has('null')
  if (isRequired) return false
  if (given === '') return !isFreeText(schema, name) || (schema.minLength ?? 0) > 0
  return (
    Array.isArray(given) &&
    given.length === 0 &&
    ((schema.minItems ?? 0) > 0 || schema.listMeans !== undefined)
  )
}

/** Null as text, as it comes from what writes texts alone; a name or a content may be the word itself. */
function isNullWord(schema: ArgumentSchema, sent: unknown, { name, isRequired }: Place): boolean {
  if (typeof sent !== 'string' || isRequired || isFreeText(schema, name)) return false
  return /^\s*(?:null|none|undefined|nil)\s*$/i.test(sent) && !choicesOf(schema).includes(sent)
}

function isFreeText(schema: ArgumentSchema, name: string): boolean {
  if (schema.anyJson) return true
  return (
    typesOf(schema).has('string') && choicesOf(schema).length === 0 && !isTime(schema) && !isReference(name)
  )
}

/** An id or a cursor: text that only names something else. */
function isReference(name: string): boolean {
  return name === 'id' || name === 'cursor' || name.endsWith('_id')
}

/** Any JSON is meant, also as text; texts are equal that look the same. */
function settleAny(given: unknown): unknown {
  if (typeof given !== 'string') return given
  const read = exactValueIn(given)
  return read ? read.value : given.trim().normalize('NFC')
}

/** A value of one of the declared types, none of which is text, from what stands for it. */
function fromOther(given: unknown, schema: ArgumentSchema, { name }: Place): unknown {
  const types = typesOf(schema)
  if (types.has('boolean')) return truthIn(given) ?? given
  // As clients in PHP write an object that holds nothing.
  if (Array.isArray(given) && given.length === 0 && types.has('object') && !types.has('array')) return {}
  if (typeof given !== 'string') return given
  const json = containerIn(given) ?? jsonIn(given)
  if (json && types.has(typeName(json.value, types))) return json.value
  return types.has('integer') || types.has('number') ? (numberIn(given, schema, name) ?? given) : given
}

function typeName(value: unknown, types: ReadonlySet<string>): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value !== 'number') return typeof value
  return types.has('integer') && Number.isInteger(value) ? 'integer' : 'number'
}

/** The one text or number of a list where no list is declared. */
function onlyOf(value: unknown): unknown {
  if (!Array.isArray(value) || value.length !== 1) return undefined
  return /^(string|number|boolean)$/.test(typeof value[0]) ? value[0] : undefined
}

/** One text, number or object where a list is declared is a list of one; words and globs may stand side by side with commas. */
function settleList(schema: ArgumentSchema, value: unknown, place: Place): unknown {
  const items = schema.items ?? {}
  const read = typeof value === 'string' ? (listIn(value) ?? textsIn(value, items, place.name)) : value
  const list = Array.isArray(read) ? read : [read]
  const filled = typesOf(items).has('string') ? list.filter(saysSomething) : list
  const tags = TAGS.has(place.name) ? filled.map((item) => tagFrom(item)) : filled
  return tags.map((item) => settle(items, item, { ...place, isRequired: true }))
}

/** Null and an empty text in a list of texts are what a model left out. */
function saysSomething(item: unknown): boolean {
  return item !== null && !(typeof item === 'string' && item.trim() === '')
}

/** A tag as text, or as the object that other servers have for one. */
function tagFrom(item: unknown): unknown {
  if (typeof item === 'string') return tagOf(item)
  const [value, ...more] = isObject(item) ? Object.entries(item) : []
  const isNamed = value && more.length === 0 && /^(name|tag|label|value)$/.test(value[0])
  return isNamed && typeof value[1] === 'string' ? tagOf(value[1]) : item
}

function listIn(text: string): unknown[] | undefined {
  const list = containerIn(text)?.value
  return Array.isArray(list) ? list : undefined
}

function textsIn(text: string, items: ArgumentSchema, name: string): unknown {
  const object = typesOf(items).has('object') ? containerIn(text)?.value : undefined
  if (isObject(object)) return [object]
  if (TAGS.has(name)) return tagsIn(text)
  if (name === PATHS) return severalIn(text) ?? [text]
  const parts = choicesOf(items).length > 0 || name === GLOBS ? partsOf(text) : []
  return parts.length > 0 ? parts : [text]
}

/** Lists whose texts may stand side by side; paths and sentences may hold commas of their own. */
const TAGS = new Set(['tags', 'include', 'exclude'])
const GLOBS = 'applies_to'
const PATHS = 'file_paths'

function settleObject(schema: ArgumentSchema, value: unknown, { now }: Place): unknown {
  const { properties, listMeans } = schema
  const only = typeof value === 'string' && !/^\s*[[{]/.test(value) ? onlyText(schema) : undefined
  if (only !== undefined) return { [only]: value }
  if (listMeans !== undefined && (Array.isArray(value) || typeof value === 'string'))
    return settleObject(schema, { [listMeans]: value }, { name: listMeans, isRequired: true, now })
  if (!isObject(value) || !properties) return value
  return settleProperties(schema, value, now)
}

/** The one property that must be given, where that is a text: a text in place of the object is its value. */
function onlyText({ properties = {}, required = [] }: ArgumentSchema): string | undefined {
  const [name] = required
  if (name === undefined || required.length > 1) return undefined
  const schema = properties[name] ?? {}
  return typesOf(schema).has('string') && choicesOf(schema).length === 0 ? name : undefined
}

/** Each property by its own declaration, under its declared name. */
export function settleProperties(
  { properties = {}, required = [] }: ArgumentSchema,
  given: Readonly<Record<string, unknown>>,
  now: number,
): Record<string, unknown> {
  // A map, and from it an object: __proto__ is a key like any other there, to be refused.
  const settled = new Map<string, unknown>()
  for (const [key, value] of Object.entries(given)) {
    const name = declaredName(key, properties)
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined
    const isRequired = required.includes(name)
    const meant = schema ? settle(schema, value, { name, isRequired, now }) : value
    // Given twice in two spellings: kept under its own, to be refused.
    if (meant !== undefined) settled.set(settled.has(name) ? key : name, meant)
  }
  return Object.fromEntries(settled)
}

export function declaredName(key: string, properties: Readonly<Record<string, unknown>>): string {
  return spelledName(key, properties) ?? key
}

/** A number is its text where something is named, unless it has lost digits on its way; listed words and times in the spellings that people use. */
function settleText(schema: ArgumentSchema, value: string | number, { name, now }: Place): unknown {
  if (!typesOf(schema).has('string')) return value
  if (typeof value === 'number' && isTime(schema)) return readTime(String(value), { isEnd: isEnd(name), now })
  if (typeof value === 'number')
    return (isReference(name) || NAMES.has(name)) && isExact(value) ? String(value) : value
  const text = value
  const choices = choicesOf(schema)
  if (choices.length > 0) return spelledWord(text, choices) ?? value
  if (isTime(schema)) return readTime(text, { isEnd: isEnd(name), now })
  return isReference(name) ? (idIn(text) ?? text) : text
}

function isEnd(name: string): boolean {
  return name.endsWith('_until')
}

const ID =
  /^[\s"'`“”‘’<[{(]*(?:memory:\/\/entry\/|urn:uuid:|id[:=]\s*)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[\s"'`“”‘’>\]})]*$/i

/** An id as ours are written: without what models put around it. */
function idIn(text: string): string | undefined {
  return ID.exec(text)?.[1]?.toLowerCase()
}

/** Arguments that name something, beside ids. */
const NAMES = new Set(['name', 'tags', 'include', 'exclude', 'query'])

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
