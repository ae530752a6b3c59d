import { clientLines } from '../../../domain/places/client-lines.ts'
import { CopyLine, Panel } from '../../parts/small.tsx'
import { key } from '../../state/session.ts'

/** What to do first, where nothing has happened yet. */
export function Connect() {
  const isKeyed = key.value !== ''
  return (
    <Panel title="Connect your first agent" class="connect">
      <p>
        Nothing is stored here yet. Connect a client with one line; this page shows it as soon as it calls.
        {isKeyed && ' Put its key in the place of YOUR_KEY.'}
      </p>
      {clientLines(`${location.origin}/mcp`, { isKeyed }).map(([client, line]) => (
        <CopyLine key={client} label={client} text={line} />
      ))}
      <p class="quiet">
        Any other client: <code>agent-memory setup</code>, or <code>agent-memory mcp</code> over stdio.
      </p>
    </Panel>
  )
}
