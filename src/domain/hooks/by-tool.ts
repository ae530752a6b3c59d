/** The tool that answers hooks. It is in no list: no model is to call it. */
export const HOOK_TOOL = 'memory_hook'

/**
 * What a client that can call a tool as its hook hands over, by the placeholders of Claude Code: each is a value of the payload,
 * as text, and empty where the payload has none.
 */
export const HOOK_TOOL_INPUT: Readonly<Record<string, string>> = Object.fromEntries(
  ['session_id', 'agent_id', 'cwd', 'hook_event_name', 'tool_name', 'tool_input'].map((name) => [
    name,
    `\${${name}}`,
  ]),
)
