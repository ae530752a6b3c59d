import { effect } from '@preact/signals'
import { render } from 'preact'
import { App } from './app.tsx'
import { spellHidden } from './parts/visible.ts'
import { startClock } from './state/clock.ts'
import { follow, stopFollowing } from './state/live.ts'
import { askRights } from './state/rights.ts'
import { startRouting } from './state/route.ts'
import { startSampling } from './state/samples.ts'
import { keyAsked } from './state/session.ts'
import { startTheme } from './state/theme.ts'

const place = document.getElementById('page')
if (place) {
  spellHidden()
  startTheme()
  startRouting()
  startClock()
  place.replaceChildren()
  render(<App />, place)
  // At the start, and again with each key.
  effect(() => {
    if (keyAsked.value !== undefined) return stopFollowing()
    void follow()
    // Where that cannot be said, the views say what they may not.
    void askRights().catch(() => {})
  })
  startSampling()
}
