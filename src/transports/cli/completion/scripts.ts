import type { Completion, SHELLS } from './completion.ts'

/** The script that a shell reads to complete `agent-memory`. Every word in it is one of ours: no quoting is needed. */
export function completionScript(shell: (typeof SHELLS)[number], all: readonly Completion[]): string {
  return SCRIPTS[shell](all)
}

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript }

function bashScript(all: readonly Completion[]): string {
  return `# Completion of agent-memory for bash. In ~/.bashrc: eval "$(agent-memory completion bash)"
_agent_memory() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path=""
  if (( COMP_CWORD > 1 )); then path="\${COMP_WORDS[1]}"; fi
  if (( COMP_CWORD > 2 )); then path="$path \${COMP_WORDS[2]}"; fi
  local words="" flags="" choices="" takes_value=0
${lookUp(all)}
  COMPREPLY=()
  if (( takes_value )); then
    COMPREPLY=( $(compgen -W "$choices" -- "$cur") )
  elif [[ $cur == -* ]]; then
    COMPREPLY=( $(compgen -W "$flags" -- "$cur") )
  else
    COMPREPLY=( $(compgen -W "$words" -- "$cur") )
  fi
}
complete -o bashdefault -o default -F _agent_memory agent-memory
`
}

function zshScript(all: readonly Completion[]): string {
  return `#compdef agent-memory
# Completion of agent-memory for zsh. In ~/.zshrc, after compinit: eval "$(agent-memory completion zsh)"
_agent_memory() {
  local cur="\${words[CURRENT]}" prev="\${words[CURRENT-1]}" path_=""
  (( CURRENT > 2 )) && path_="\${words[2]}"
  (( CURRENT > 3 )) && path_="$path_ \${words[3]}"
  local next="" flags="" choices="" takes_value=0
${lookUp(all).replaceAll('$path ', '$path_ ').replaceAll('"$path"', '"$path_"').replaceAll(' words=', ' next=')}
  local found="$next"
  if (( takes_value )); then found="$choices"; elif [[ $cur == -* ]]; then found="$flags"; fi
  if [[ -n $found ]]; then compadd -- \${=found}; else _files; fi
}
compdef _agent_memory agent-memory
`
}

/** The same for bash and zsh: sets words, flags, takes_value and choices by what stands before the cursor. */
function lookUp(all: readonly Completion[]): string {
  const places = all.map(
    ({ path, words, flags, goesOn }) =>
      `    ${pattern(path, goesOn)}) words="${words.join(' ')}"; flags="${[...flags.keys()].join(' ')}" ;;`,
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
    '  case "$path" in',
    ...places,
    '  esac',
    '  case "$prev" in',
    `    ${[...taking].join('|')}) takes_value=1 ;;`,
    '  esac',
    '  case "$path $prev" in',
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
  set -l typed $words[2..-1]
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
