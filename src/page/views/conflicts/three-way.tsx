import { useState } from 'preact/hooks'
import type { Conflict, WholeEntry } from '../../client/answers.ts'
import { orNone, Refusal, wordsOf } from '../../client/refusal.ts'
import { call, callKind } from '../../client/rest.ts'
import { say } from '../../parts/notices.tsx'
import { Ago, Problem } from '../../parts/small.tsx'
import { useLoaded } from '../../state/loaded.ts'
import { goTo, linkHere, linkTo } from '../../state/route.ts'
import { type Choice, FieldChoice, valueText } from './field-choice.tsx'

interface Sides {
  readonly conflict: Conflict
  readonly entry: WholeEntry
  /** The version that both began from, where it is known. */
  readonly base: WholeEntry | undefined
}

/** One conflict: what both began from, what each made of it, and a choice for each field. */
export function ThreeWay({ id }: { id: string }) {
  const { value, problem, reload } = useLoaded((signal) => orNone(readSides(id, signal)), [id], {
    groups: ['conflict', 'entry'],
  })
  return (
    <section class="entry three-way">
      <a class="back" href={linkHere({ id: undefined })}>
        Back to the list
      </a>
      <Problem text={problem} />
      {value === null && (
        <p class="empty">
          This conflict is not there: its memory was deleted, or your key may not read it.{' '}
          <a href={linkHere({ id: undefined })}>Close it</a>
        </p>
      )}
      {value && <Sides {...value} changed={reload} />}
    </section>
  )
}

async function readSides(id: string, signal: AbortSignal): Promise<Sides> {
  const conflict = await call('GET /v1/conflicts/{id}', { id }, { signal })
  const { entry_id, entry_type: type, base_version } = conflict
  const entry = await call('GET /v1/entries/{id}', { id: entry_id }, { signal })
  const base =
    base_version === null
      ? undefined
      : await callKind('GET {id}', type, { id: entry_id, version: base_version }, { signal }).catch(
          () => undefined,
        )
  return { conflict, entry, base }
}

function Sides({ conflict, entry, base, changed }: Sides & { changed: () => void }) {
  const [choices, setChoices] = useState<Readonly<Record<string, Choice>>>({})
  const [isSent, setSent] = useState(false)
  const { id, fields, status, kind, current_agent, incoming_agent, created_at } = conflict
  const isOpen = status === 'open'
  const isChosen = fields.every((field) => choices[field] !== undefined)
  const settle = async () => {
    setSent(true)
    try {
      const done = await call('POST /v1/conflicts/{id}/resolve', {
        id,
        ...resolutionOf(conflict, choices),
        base_version: entry.version,
      })
      say(`Settled; “${entry.name}” is at version ${done.entry.version}.`)
      goTo(linkTo('memory', { id: entry.id }))
    } catch (error) {
      say(wordsOf(error), { isProblem: true })
      changed()
    } finally {
      setSent(false)
    }
  }
  return (
    <>
      <header class="entry-head">
        <h2>{entry.name}</h2>
        <p class="quiet facts">
          <b class="agent">{current_agent}</b> and <b class="agent">{incoming_agent}</b> changed{' '}
          {fields.join(', ')}, <Ago at={created_at} />. {kind === 'refused' ? REFUSED : OVERWRITTEN}
        </p>
        {!isOpen && (
          <p class="quiet">
            Settled by {conflict.resolved_by}: {conflict.resolution}.
          </p>
        )}
      </header>
      {fields.map((field) => (
        <FieldChoice
          key={field}
          field={field}
          base={base && valueText(base[field])}
          sides={[
            { side: 'current', agent: current_agent, text: valueText(conflict.current_values[field]) },
            { side: 'incoming', agent: incoming_agent, text: valueText(conflict.incoming_values[field]) },
          ]}
          now={valueText(entry[field])}
          isText={typeof conflict.current_values[field] === 'string'}
          choice={isOpen ? choices[field] : undefined}
          choose={isOpen ? (choice) => setChoices({ ...choices, [field]: choice }) : undefined}
        />
      ))}
      {isOpen && (
        <div class="actions">
          <button
            type="button"
            class="main-action"
            disabled={!isChosen || isSent}
            onClick={() => void settle()}
          >
            Settle it
          </button>
          <a href={linkTo('memory', { id: entry.id })}>Read the whole memory</a>
        </div>
      )}
    </>
  )
}

const REFUSED = 'The later change was not written.'
const OVERWRITTEN = 'The later change was written over the earlier one.'

/** One side where all fields are of it; else the values one by one. */
function resolutionOf(
  { fields, current_values, incoming_values }: Conflict,
  choices: Readonly<Record<string, Choice>>,
): Readonly<Record<string, unknown>> {
  for (const side of ['current', 'incoming'] as const)
    if (fields.every((field) => choices[field]?.side === side)) return { resolution: side }
  const merged = fields.map((field) => {
    const choice = choices[field]
    if (choice?.side === 'current') return [field, current_values[field]]
    if (choice?.side === 'incoming') return [field, incoming_values[field]]
    const text = choice?.text ?? ''
    return [field, typeof current_values[field] === 'string' ? text : jsonIn(field, text)]
  })
  return { resolution: 'merged', merged: Object.fromEntries(merged) }
}

function jsonIn(field: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new Refusal(400, { message: `${field}: what you wrote is no JSON, which this field is.` })
  }
}
