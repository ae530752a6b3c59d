/** A plugin that asks the hooks' command: opencode has no other hooks. It runs in opencode's own process, under Bun. */
export function openCodePlugin(command: string): string {
  return `// Made by "agent-memory hook install"; "agent-memory hook uninstall --client opencode" takes it away.
import { spawn } from 'node:child_process'

// The tools after which there is something to do.
const WRITE = ['write', 'edit', 'apply_patch']
const COMMAND = ${JSON.stringify(command)}

export const AgentMemory = async ({ directory }) => {
  const contexts = new Map()
  // A sub-agent is a session of its own: which one it works for, by its id.
  const parents = new Map()
  const session = (id) => {
    let root = id
    for (let up = 0; up < 20 && parents.has(root); up++) root = parents.get(root)
    return root === id ? { sessionID: id } : { sessionID: root, subSessionID: id }
  }

  // Whatever goes wrong lets the work go on.
  const ask = (event, payload) =>
    new Promise((resolve) => {
      const child = spawn(COMMAND + ' ' + event, { shell: true, cwd: directory, stdio: ['pipe', 'pipe', 'ignore'] })
      let answer = ''
      child.on('error', () => resolve({}))
      child.stdin.on('error', () => {})
      child.stdout.on('data', (chunk) => (answer += chunk))
      child.on('close', () => {
        try {
          resolve(JSON.parse(answer))
        } catch {
          resolve({})
        }
      })
      child.stdin.end(JSON.stringify({ cwd: directory, ...payload }))
    })

  return {
    'tool.execute.before': async (i, o) => {
      const { block, input } = await ask('tool.execute.before', { i: { ...i, ...session(i.sessionID) }, o: { args: o.args } })
      if (block) throw new Error(block)
      if (input) Object.assign(o.args, input)
    },
    'tool.execute.after': async (i) => {
      if (WRITE.includes(i.tool)) await ask('tool.execute.after', { i: { ...i, ...session(i.sessionID) } })
    },
    event: async ({ event }) => {
      const sessionID = event.properties?.sessionID ?? event.properties?.info?.id
      const parentID = event.properties?.info?.parentID
      if (event.type === 'session.created' && parentID && parentID !== sessionID) parents.set(sessionID, parentID)
      if (event.type !== 'session.idle' && event.type !== 'session.deleted') return
      await ask(event.type, { i: session(sessionID) })
      if (event.type === 'session.deleted') {
        contexts.delete(sessionID)
        parents.delete(sessionID)
      }
    },
    'experimental.chat.system.transform': async ({ sessionID }, { system }) => {
      if (!sessionID) return
      if (!contexts.has(sessionID)) contexts.set(sessionID, ask('session.created', { i: session(sessionID) }))
      const { context } = await contexts.get(sessionID)
      if (context) system.push(context)
    },
  }
}
`
}
