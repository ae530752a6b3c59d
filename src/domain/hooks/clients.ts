/** What a client's hook may be called for, in our words. */
export type HookKind =
  | 'tool-before'
  | 'tool-after'
  | 'session-start'
  | 'session-end'
  | 'turn-end'
  | 'agent-end'
  | 'prompt'

/** Where the parts of a payload are, each in the first of these places that has it; `a.b` is b in a. */
export interface PayloadFields {
  readonly event: readonly string[]
  readonly session: readonly string[]
  readonly subAgent: readonly string[]
  readonly cwd: readonly string[]
  readonly tool: readonly string[]
  readonly input: readonly string[]
}

/** How a tool says what it writes: in which of its arguments. `a.*.b` is b of each in a. */
export type ToolShape =
  | { readonly kind: 'file'; readonly path: string; readonly texts: readonly string[] }
  | { readonly kind: 'patch'; readonly patch: string }
  | { readonly kind: 'shell'; readonly command: string }
  /** It writes nothing: what it reads is what the agent then knows of the file. */
  | { readonly kind: 'read'; readonly path: string }

/** How a client wants to be answered. */
export type AnswerStyle = 'claude' | 'codex' | 'qwen' | 'gemini' | 'copilot' | 'cline' | 'opencode'

export interface HookClient {
  readonly id: string
  readonly title: string
  /** Its events by their names in small letters, without dashes. */
  readonly events: Readonly<Record<string, HookKind>>
  readonly fields: PayloadFields
  readonly tools: Readonly<Record<string, ToolShape>>
  readonly style: AnswerStyle
  /** What the names of our own tools begin with. */
  readonly ownTools: readonly string[]
  /** The variable in which a server that the client starts finds the session's id. */
  readonly sessionVariable?: string
}

const file = (path: string, ...texts: string[]): ToolShape => ({ kind: 'file', path, texts })
const read = (path: string): ToolShape => ({ kind: 'read', path })
const shell = (command: string): ToolShape => ({ kind: 'shell', command })
const patch = (argument: string): ToolShape => ({ kind: 'patch', patch: argument })

/** Where the input of a tool is found that takes one text, and no arguments by name. */
export const WHOLE_INPUT = 'input'

const CLAUDE_EVENTS: Readonly<Record<string, HookKind>> = {
  pretooluse: 'tool-before',
  posttooluse: 'tool-after',
  sessionstart: 'session-start',
  sessionend: 'session-end',
  userpromptsubmit: 'prompt',
  stop: 'turn-end',
  subagentstop: 'agent-end',
}

const CLAUDE_FIELDS: PayloadFields = {
  event: ['hook_event_name'],
  session: ['session_id'],
  subAgent: ['agent_id'],
  cwd: ['cwd'],
  tool: ['tool_name'],
  input: ['tool_input'],
}

/**
 * Every client whose hooks are understood, as their payloads were seen. A new one is a new row. Models of OpenAI are given
 * `apply_patch` by opencode, Cline and Copilot, in place of the other tools that edit.
 */
export const HOOK_CLIENTS: readonly HookClient[] = [
  {
    id: 'claude-code',
    title: 'Claude Code',
    events: CLAUDE_EVENTS,
    fields: CLAUDE_FIELDS,
    tools: {
      Write: file('file_path', 'content'),
      Edit: file('file_path', 'new_string'),
      MultiEdit: file('file_path', 'edits.*.new_string'),
      NotebookEdit: file('notebook_path', 'new_source'),
      Bash: shell('command'),
      Read: read('file_path'),
    },
    style: 'claude',
    ownTools: ['mcp__agent-memory__'],
    sessionVariable: 'CLAUDE_CODE_SESSION_ID',
  },
  {
    id: 'codex',
    title: 'Codex',
    events: CLAUDE_EVENTS,
    fields: CLAUDE_FIELDS,
    tools: { apply_patch: patch('command'), Bash: shell('command') },
    style: 'codex',
    ownTools: ['mcp__agent_memory__'],
  },
  {
    id: 'gemini-cli',
    title: 'Gemini CLI',
    events: {
      beforetool: 'tool-before',
      aftertool: 'tool-after',
      sessionstart: 'session-start',
      sessionend: 'session-end',
      beforeagent: 'prompt',
      afteragent: 'turn-end',
    },
    fields: CLAUDE_FIELDS,
    tools: {
      write_file: file('file_path', 'content'),
      replace: file('file_path', 'new_string'),
      run_shell_command: shell('command'),
      read_file: read('file_path'),
    },
    style: 'gemini',
    ownTools: ['mcp_agent-memory_'],
  },
  {
    id: 'qwen-code',
    title: 'Qwen Code',
    events: CLAUDE_EVENTS,
    fields: CLAUDE_FIELDS,
    tools: {
      write_file: file('file_path', 'content'),
      edit: file('file_path', 'new_string'),
      replace: file('file_path', 'new_string'),
      run_shell_command: shell('command'),
      read_file: read('file_path'),
    },
    style: 'qwen',
    ownTools: ['mcp__agent-memory__'],
    sessionVariable: 'QWEN_CODE_SESSION_ID',
  },
  {
    id: 'copilot-cli',
    title: 'Copilot CLI',
    events: { ...CLAUDE_EVENTS, userpromptsubmitted: 'prompt', agentstop: 'turn-end' },
    fields: {
      event: ['hook_event_name', 'hookName'],
      session: ['sessionId', 'session_id'],
      subAgent: [],
      cwd: ['cwd'],
      tool: ['toolName', 'tool_name'],
      input: ['toolArgs', 'tool_input'],
    },
    tools: {
      create: file('path', 'file_text'),
      edit: file('path', 'new_str'),
      bash: shell('command'),
      Write: file('path', 'file_text'),
      Edit: file('path', 'new_str'),
      Bash: shell('command'),
      apply_patch: patch(WHOLE_INPUT),
    },
    style: 'copilot',
    ownTools: ['agent-memory-'],
    sessionVariable: 'COPILOT_AGENT_SESSION_ID',
  },
  {
    id: 'cline',
    title: 'Cline CLI',
    events: {
      toolcall: 'tool-before',
      toolresult: 'tool-after',
      agentstart: 'session-start',
      agentend: 'turn-end',
      pretooluse: 'tool-before',
      posttooluse: 'tool-after',
      taskstart: 'session-start',
      taskcomplete: 'turn-end',
    },
    fields: {
      event: ['hookName'],
      session: ['sessionContext.rootSessionId', 'taskId'],
      subAgent: [],
      cwd: ['workspaceInfo.rootPath', 'workspaceRoots.0'],
      tool: ['tool_call.name', 'tool_result.name'],
      input: ['tool_call.input', 'tool_result.input'],
    },
    tools: {
      editor: file('path', 'new_text', 'file_text'),
      apply_patch: patch(WHOLE_INPUT),
      run_commands: shell('commands.*'),
    },
    style: 'cline',
    ownTools: ['agent-memory__'],
  },
  {
    id: 'opencode',
    title: 'opencode',
    events: {
      'tool.execute.before': 'tool-before',
      'tool.execute.after': 'tool-after',
      'session.created': 'session-start',
      'session.idle': 'turn-end',
      'session.deleted': 'session-end',
    },
    fields: {
      event: ['event'],
      session: ['i.sessionID'],
      // Our plugin names the session of the main agent, and that of a sub-agent beside it.
      subAgent: ['i.subSessionID'],
      cwd: ['cwd'],
      tool: ['i.tool'],
      input: ['o.args', 'i.args'],
    },
    tools: {
      write: file('filePath', 'content'),
      edit: file('filePath', 'newString'),
      apply_patch: patch('patchText'),
      bash: shell('command'),
      read: read('filePath'),
    },
    style: 'opencode',
    ownTools: ['agent-memory_'],
  },
]

/** The client of that name; an id's beginning does, as `gemini`. */
export function findHookClient(name: string): HookClient | undefined {
  return (
    HOOK_CLIENTS.find(({ id }) => id === name) ?? HOOK_CLIENTS.find(({ id }) => id.startsWith(`${name}-`))
  )
}
