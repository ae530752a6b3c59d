import { call } from '../client/rest.ts'
import { isLive } from '../state/live.ts'
import { useLoaded } from '../state/loaded.ts'
import { linkTo, route } from '../state/route.ts'
import { isReached, key, signOut } from '../state/session.ts'
import { setTheme, THEMES, type Theme, theme } from '../state/theme.ts'

const LINKS = [
  ['now', 'Now'],
  ['memory', 'Memory'],
  ['conflicts', 'Conflicts'],
  ['health', 'Health'],
  ['access', 'Access'],
] as const

export function Header() {
  const conflicts = useLoaded((signal) => openConflicts(signal), [], { groups: ['conflict', 'scope'] })
  return (
    <header class="top">
      <a class="brand" href={linkTo('now')}>
        <BrandMark />
        <span>Agent Memory</span>
      </a>
      <nav aria-label="Views">
        {LINKS.map(([view, title]) => (
          <a key={view} href={linkTo(view)} aria-current={route.value.view === view ? 'page' : undefined}>
            {title}
            {view === 'conflicts' && !!conflicts.value && (
              <span class="count">
                {conflicts.value}
                <span class="hidden"> open</span>
              </span>
            )}
          </a>
        ))}
      </nav>
      <div class="tools">
        <LiveMark />
        <label class="hidden" for="theme">
          Colours
        </label>
        <select
          id="theme"
          value={theme.value}
          onChange={(event) => setTheme(event.currentTarget.value as Theme)}
        >
          {THEMES.map((name) => (
            <option key={name} value={name}>
              {THEME_NAMES[name]}
            </option>
          ))}
        </select>
        {key.value !== '' && (
          <button type="button" onClick={signOut}>
            Sign out
          </button>
        )}
      </div>
    </header>
  )
}

const THEME_NAMES = { system: 'Auto', light: 'Light', dark: 'Dark' } as const

function BrandMark() {
  return (
    <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
      <rect width="32" height="32" rx="8" class="mark" />
      <path d="M8 10h16M8 16h11M8 22h6" class="mark-lines" />
      <circle cx="23" cy="22" r="3" class="mark-dot" />
    </svg>
  )
}

/** Whether what is shown is of now. */
function LiveMark() {
  const [state, text] = !isReached.value
    ? ['lost', 'No answer']
    : isLive.value
      ? ['live', 'Live']
      : ['waiting', 'Connecting']
  return (
    <span class={`pulse ${state}`} role="status">
      {text}
    </span>
  )
}

async function openConflicts(signal: AbortSignal): Promise<number> {
  const { scopes } = await call('GET /v1/scopes/tree', { limit: 500 }, { signal })
  return scopes.reduce((sum, scope) => sum + scope.open_conflicts, 0)
}
