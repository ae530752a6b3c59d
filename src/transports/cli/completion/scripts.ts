import type { Completion, SHELLS } from './completion.ts'

/** The script that a shell reads to complete `agent-memory`. Every word in it is one of ours: no quoting is needed. */
export function completionScript(shell: (typeof SHELLS)[number], all: readonly Completion[]): string {
  return SCRIPTS[shell](all)
}

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript }

function bashScript(all: readonly Completion[]): string {
  return `# Completion of agent-memory for bash. In ~/.bashrc: eval "$(agent-memory completion bash)"
_agent_memory() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  local next="" flags="" choices="" takes_value=0
${pathOf('COMP_WORDS[@]:1:COMP_CWORD-1', all)}
${lookUp(all)}
  COMPREPLY=()
  if (( takes_value )); then
    COMPREPLY=( $(compgen -W "$choices" -- "$cur") )
  elif [[ $cur == -* ]]; then
    COMPREPLY=( $(compgen -W "$flags" -- "$cur") )
  else
    COMPREPLY=( $(compgen -W "$next" -- "$cur") )
  fi
}
complete -o bashdefault -o default -F _agent_memory agent-memory
`
}

function zshScript(all: readonly Completion[]): string {
  return `#compdef agent-memory
# Completion of agent-memory for zsh. In ~/.zshrc, after compinit: eval "$(agent-memory completion zsh)"
_agent_memory() {
  local cur="\${words[CURRENT]}" prev="\${words[CURRENT-1]}"
  local next="" flags="" choices="" takes_value=0
${pathOf('(@)words[2,CURRENT-1]', all)}
${lookUp(all)}
  local found="$next"
  if (( takes_value )); then found="$choices"; elif [[ $cur == -* ]]; then found="$flags"; fi
  if [[ -n $found ]]; then compadd -- \${=found}; else _files; fi
}
compdef _agent_memory agent-memory
`
}

/** For bash and zsh: sets typed to the first two words before the cursor that are no options of the whole program. */
function pathOf(words: string, all: readonly Completion[]): string {
  return `  local typed="" count=0 skips=0 word
  for word in "\${${words}}"; do
    if (( skips )) && [[ $word != "=" ]]; then skips=0; continue; fi
    case "$word" in
      "=") ;;
      ${takingValues(all).join('|')}) skips=1 ;;
      -*) ;;
      *) (( ++count < 3 )) && typed="\${typed:+$typed }$word" ;;
    esac
  done`
}

/** Options that may stand before a command's words, and whose value the next one is. */
function takingValues(all: readonly Completion[]): readonly string[] {
  const { flags = [] } = all.find(({ path }) => path.length === 0) ?? {}
  return [...flags].flatMap(([flag, choices]) => (choices === null ? [] : [flag]))
}

/** The same for bash and zsh: sets next, flags, takes_value and choices by what stands before the cursor. */
function lookUp(all: readonly Completion[]): string {
  const places = all.map(
    ({ path, words, flags, goesOn }) =>
      `    ${pattern(path, goesOn)}) next="${words.join(' ')}"; flags="${[...flags.keys()].join(' ')}" ;;`,
  )
  const values = all.flatMap(({ path, flags, goesOn }) =>
    [...flags].flatMap(([flag, choices]) =>
      choices && choices.length > 0
        ? [`    ${pattern(path, goesOn, ` ${flag}`)}) choices="${choices.join(' ')}" ;;`]
        : [],
    ),
  )
  const taking = new Set(
    all.flatMap(({ flags }) => [...flags].flatMap(([flag, choices]) => (choices === null ? [] : [flag]))),
  )
  return [
    '  case "$typed" in',
    ...places,
    '  esac',
    '  case "$prev" in',
    `    ${[...taking].join('|')}) takes_value=1 ;;`,
    '  esac',
    '  case "$typed $prev" in',
    ...values,
    '  esac',
  ].join('\n')
}

function pattern(path: readonly string[], goesOn: boolean, end = ''): string {
  const words = path.join(' ')
  return goesOn && path.length === 1 ? `"${words}${end}"|"${words} "*"${end}"` : `"${words}${end}"`
}

function fishScript(all: readonly Completion[]): string {
  const lines = all.flatMap(({ path, words, flags, goesOn }) => {
    const when = `complete -c agent-memory -n '__agent_memory_after ${goesOn ? 'on' : 'end'} ${path.join(' ')}'`
    return [
      ...(words.length > 0 ? [`${when} -f -a '${words.join(' ')}'`] : []),
      ...[...flags].map(([flag, choices]) => `${when} -l ${flag.slice(2)}${fishValue(choices)}`),
    ]
  })
  return `# Completion of agent-memory for fish. agent-memory completion fish > ~/.config/fish/completions/agent-memory.fish
function __agent_memory_after
  set -l words (commandline -opc)
  set -l typed
  set -l skips no
  for word in $words[2..-1]
    if test $skips = yes
      set skips no
      continue
    end
    switch $word
      case ${takingValues(all).join(' ')}
        set skips yes
      case '-*'
      case '*'
        set typed $typed $word
    end
  end
  set -l path $argv[2..-1]
  test (count $typed) -ge (count $path); or return 1
  for at in (seq (count $path))
    test "$typed[$at]" = "$path[$at]"; or return 1
  end
  test $argv[1] = on; or test (count $typed) -eq (count $path)
end
${lines.join('\n')}
`
}

function fishValue(choices: readonly string[] | null): string {
  if (choices === null) return ''
  return choices.length === 0 ? ' -r' : ` -x -a '${choices.join(' ')}'`
}
