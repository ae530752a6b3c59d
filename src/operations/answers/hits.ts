import { jsonBytes } from '../../domain/text/tokens.ts'
import { snippetOf } from '../../domain/words/snippet.ts'
import { shortened } from './shorten.ts'

type Item = Readonly<Record<string, unknown>>

/** One thing of a list as it is chosen by, and as it is read. */
export interface Hit {
  readonly outline: Item
  readonly whole: Item
  /** Of each as compact JSON: measured once, for that costs as much as writing it. */
  readonly outlineBytes: number
  readonly wholeBytes: number
}

/** Of a thing that is no entry, a longer text is shown by its beginning. */
const MOST_CHARACTERS = 200
/** Fields that do not help to choose a hit; the author distinguishes the versions of one entry. */
const BOOKKEEPING = ['created_at', 'created_by', 'updated_by', 'status', 'priority', 'scope_type', 'scope_id']
const CHOSEN_BY = [
  'tags',
  'version',
  'updated_at',
  'score',
  'why',
  'overrides',
  'expired',
  'not_yet_valid',
  'superseded_by',
  'review_due',
  'changed_files',
]

/** `list` is the name of the list that holds the item. */
export function hitOf(item: Item, list: string): Hit {
  return isEntry(item) ? entryHit(item, list === 'versions') : measured(outlined(item), item)
}

/** The hit without what is long about it, for an answer with hardly any room. */
export function tiny({ outline }: Hit): Item {
  const { tags: _tags, overrides: _overrides, snippet: _snippet, why: _why, ...rest } = outline
  return shortened(rest, MOST_CHARACTERS / 2)
}

type EntryItem = Item & { readonly content: string }

function isEntry(item: Item): item is EntryItem {
  return 'content' in item && typeof item['content'] === 'string' && 'type' in item && 'name' in item
}

function entryHit(entry: EntryItem, isVersion: boolean): Hit {
  const { id, type, name, scope, content, snippet = snippetOf(content, '') } = entry
  const chosenBy = isVersion ? [...CHOSEN_BY, 'updated_by'] : CHOSEN_BY
  const rest = Object.fromEntries(chosenBy.map((field) => [field, entry[field]]))
  const head = withoutEmpty({ id, type, name, scope, ...rest, ...unusual(entry) })
  const known = new Set([...BOOKKEEPING, ...Object.keys(head), 'content'])
  const own = Object.fromEntries(Object.entries(entry).filter(([field]) => !known.has(field)))
  const whole = { ...head, ...withoutEmpty(own), content }
  return measured({ ...head, snippet, shortened: true }, whole)
}

function measured(outline: Item, whole: Item): Hit {
  const wholeBytes = jsonBytes(whole)
  const outlineBytes = outline === whole ? wholeBytes : jsonBytes(outline)
  // A short one takes no more room whole.
  if (wholeBytes <= outlineBytes) return { outline: whole, whole, outlineBytes: wholeBytes, wholeBytes }
  return { outline, whole, outlineBytes, wholeBytes }
}

/** What is taken for granted of an entry, where it is not so. */
function unusual({ status, priority }: Item): Item {
  return {
    ...(status === 'active' ? {} : { status }),
    ...(priority === 50 ? {} : { priority }),
  }
}

function outlined(item: Item): Item {
  const outline = shortened(item, MOST_CHARACTERS)
  return outline === item ? item : { ...outline, shortened: true }
}

function withoutEmpty(item: Item): Item {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => !isEmpty(value)))
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
