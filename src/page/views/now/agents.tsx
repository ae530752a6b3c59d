import type { AgentAtWork } from '../../client/answers.ts'
import { Ago, Panel } from '../../parts/small.tsx'

const STATES: Readonly<Record<AgentAtWork['state'], string>> = {
  waiting: 'waits',
  editing: 'edits',
  active: 'active',
  idle: 'quiet',
}

export function Agents({ agents }: { agents: readonly AgentAtWork[] | undefined }) {
  return (
    <Panel title="Agents">
      {agents?.length === 0 && (
        <p class="empty">
          No agent is at work. One is shown from its first call on; <code>agent-memory setup</code> connects
          its client.
        </p>
      )}
      <ul class="agents">
        {agents?.map((agent) => (
          <li key={agent.agent_id}>
            <span class={`state ${agent.state}`}>{STATES[agent.state]}</span>
            <span class="agent">{agent.agent_id}</span>
            <span class="doing">{doing(agent)}</span>
            <span class="quiet">{agent.last_seen_at && <Ago at={agent.last_seen_at} />}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function doing({ waits_for: [wait], working_on: work, locks }: AgentAtWork): string {
  if (wait) return `for ${nameOf(wait.file_path)}${wait.held_by === null ? '' : `, held by ${wait.held_by}`}`
  if (work !== null) return work
  return locks.map(({ file_path }) => nameOf(file_path)).join(', ')
}

function nameOf(path: string): string {
  return path.split('/').at(-1) ?? path
}
