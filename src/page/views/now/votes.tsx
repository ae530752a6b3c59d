import type { VoteTask } from '../../client/answers.ts'
import { Ago, Panel } from '../../parts/small.tsx'
import { linkTo } from '../../state/route.ts'

const SHOWN_VALUES = 4

export function Votes({ tasks }: { tasks: readonly VoteTask[] | undefined }) {
  return (
    <Panel title="Votes">
      {tasks?.length === 0 && (
        <p class="empty">
          Nothing is voted on. Agents settle a question with <code>memory_voting record_vote</code>.
        </p>
      )}
      <ul class="votes">
        {tasks?.map((task) => (
          <Task key={`${task.scope_id} ${task.task_id}`} task={task} />
        ))}
      </ul>
    </Panel>
  )
}

function Task({ task }: { task: VoteTask }) {
  const { task_id, scope_id, scope_name, votes, tally, last_vote_at } = task
  const [first, second] = tally
  const lead = (first?.votes ?? 0) - (second?.votes ?? 0)
  return (
    <li>
      <div class="vote-head">
        <b>{task_id}</b>
        <span class="quiet">
          {votes === 1 ? '1 vote' : `${votes} votes`}, {lead === 0 ? 'a tie' : `ahead by ${lead}`},{' '}
          {scope_id !== null && (
            <>
              in <a href={linkTo('memory', { scope: scope_id })}>{scope_name}</a>,{' '}
            </>
          )}
          <Ago at={last_vote_at} />
        </span>
      </div>
      {tally.slice(0, SHOWN_VALUES).map((row) => {
        const text = valueText(row.value)
        return (
          <div key={text} class="vote-row">
            <span class="value" title={text}>
              {text}
            </span>
            <meter min={0} max={votes} value={row.votes} aria-label={`${text}: ${row.votes} of ${votes}`} />
            <span class="number">{row.votes}</span>
          </div>
        )
      })}
      {tally.length > SHOWN_VALUES && <p class="quiet">and {tally.length - SHOWN_VALUES} other values</p>}
    </li>
  )
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
