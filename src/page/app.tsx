import { useEffect, useRef } from 'preact/hooks'
import { Ask } from './parts/ask.tsx'
import { Header } from './parts/header.tsx'
import { Notices } from './parts/notices.tsx'
import { SignIn } from './parts/sign-in.tsx'
import { route } from './state/route.ts'
import { keyAsked } from './state/session.ts'
import { startShortcuts } from './state/shortcuts.ts'
import { AccessView } from './views/access/access-view.tsx'
import { ConflictsView } from './views/conflicts/conflicts-view.tsx'
import { HealthView } from './views/health/health-view.tsx'
import { MemoryView } from './views/memory/memory-view.tsx'
import { NowView } from './views/now/now-view.tsx'

const TITLES: Readonly<Record<string, string>> = {
  now: 'Now',
  memory: 'Memory',
  conflicts: 'Conflicts',
  health: 'Health',
  access: 'Access',
}

export function App() {
  useEffect(startShortcuts, [])
  if (keyAsked.value !== undefined) return <SignIn why={keyAsked.value} />
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <Header />
      <View />
      <Notices />
      <Ask />
    </>
  )
}

function View() {
  const { view } = route.value
  const main = useRef<HTMLElement>(null)
  const isFirst = useRef(true)
  useEffect(() => {
    document.title = `${TITLES[view]} · Agent Memory`
    // A form of the view may have taken the focus by now.
    if (!isFirst.current && !main.current?.contains(document.activeElement)) main.current?.focus()
    isFirst.current = false
  }, [view])
  return (
    <main id="main" tabIndex={-1} ref={main}>
      <h1 class="hidden">{TITLES[view]}</h1>
      {view === 'now' && <NowView />}
      {view === 'memory' && <MemoryView />}
      {view === 'conflicts' && <ConflictsView />}
      {view === 'health' && <HealthView />}
      {view === 'access' && <AccessView />}
    </main>
  )
}
