import { effect } from '@preact/signals'
import { render } from 'preact'
import { App } from './app.tsx'
import { startClock } from './state/clock.ts'
import { follow } from './state/live.ts'
import { askRights } from './state/rights.ts'
import { startRouting } from './state/route.ts'
import { startSampling } from './state/samples.ts'
import { keyAsked } from './state/session.ts'
import { startTheme } from './state/theme.ts'

const place = document.getElementById('page')
if (place) {
  startTheme()
  startRouting()
  startClock()
  place.replaceChildren()
  render(<App />, place)
  // At the start, and again with each key.
  effect(() => {
    if (keyAsked.value !== undefined) return
    void follow()
    // Where that cannot be said, the views say what they may not.
    void askRights().catch(() => {})
  })
  startSampling()
}
