import { goTo, linkHere, linkTo, route, VIEWS } from './route.ts'

/** `/` goes to the search, `n` to a new memory, 1 to 5 to the views. Not while something is typed. */
export function startShortcuts(): () => void {
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    const view = VIEWS[Number(event.key) - 1]
    if (view) goTo(linkTo(view))
    if (event.key === 'n') {
      event.preventDefault()
      goTo(
        route.value.view === 'memory'
          ? linkHere({ new: '1', id: undefined })
          : linkTo('memory', { new: '1' }),
      )
    }
    if (event.key !== '/') return
    event.preventDefault()
    if (focusSearch()) return
    goTo(linkTo('memory'))
    requestAnimationFrame(focusSearch)
  }
  addEventListener('keydown', pressed)
  return () => removeEventListener('keydown', pressed)
}

/** Whether it is there. */
function focusSearch(): boolean {
  const field = document.getElementById('question')
  field?.focus()
  return field !== null
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, dialog') !== null
}
