import { realpathSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { isSocketOf } from './address.ts'
import type { HookQuestion, HookReply } from './ask.ts'
import { placeOf, questionOf, wordsIn } from './start.ts'

// Questions of dist/hook.sh, which curl sends: the program's folder, the working directory and the words of the command, a line
// each; the environment; the payload.

/** Parts its question from what follows; in no environment of sense, and in no JSON. */
const MARK = '\u001e'
/** Then the shell has our small program ask, which finds the server that it means. */
const ASK_OTHERWISE = 409

/** Answers over HTTP on the sockets that it is given; `path` is their own. */
export function shellServer(
  path: string,
  answer: (question: HookQuestion) => Promise<HookReply>,
): Pick<Server, 'emit'> {
  return createServer(async (request, response) => {
    try {
      const question = questionIn(await text(request), path)
      const said = question && shellText(await answer(question))
      response.writeHead(said === undefined ? ASK_OTHERWISE : 200, { connection: 'close' }).end(said)
    } catch {
      response.writeHead(ASK_OTHERWISE, { connection: 'close' }).end()
    }
  })
}

/** Undefined for one that this server is not to answer. */
function questionIn(body: string, path: string): HookQuestion | undefined {
  const [start = '', env = '', ...payload] = body.split(MARK)
  const [folder = '', cwd = '', ...words] = start.trimEnd().split('\n')
  const variables = Object.fromEntries(env.split('\n').map(variableIn))
  // Behind `hook run`.
  const read = wordsIn(words.slice(2))
  if (!read || payload.length !== 1) return undefined
  const mainPath = realpathSync(join(folder, 'main.js'))
  const given = { words, env: variables, cwd, mainPath }
  return isSocketOf(path, placeOf(given, read.settings))
    ? questionOf(given, read, payload.join(''))
    : undefined
}

/** A line that is the rest of another's value names none that we look for. */
function variableIn(line: string): readonly [name: string, value: string] {
  const [name = '', ...value] = line.split('=')
  return [name, value.join('=')]
}

/** As the shell takes it apart. It drops the last line's end, and puts one there. */
function shellText({ code, stdout, stderr }: HookReply): string | undefined {
  const said = [stdout, stderr].map((each) => each.trimEnd())
  return said.some((each) => each.includes(MARK)) ? undefined : `${code}\n${said.join(MARK)}`
}
