import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Cli, type CliResult, withUsedCli } from '../../support/cli.ts'
import { payloadOf } from '../../support/hook-payloads.ts'

// Two sessions that mean one file by other ways: the second is refused, whichever way it takes.

const CLAUDE = 'claude-code-2.1.328'
const CODEX = 'codex-0.169.0'

type Json = Readonly<Record<string, unknown>>

interface Call {
  readonly session: string
  readonly client?: 'claude-code' | 'codex'
  readonly cwd?: string
  readonly env?: Record<string, string>
}

/** A recorded call of a tool, with this input. */
function toolCall(cli: Cli, tool: string, input: Json, call: Call): Promise<CliResult> {
  const { session, client = 'claude-code', cwd, env = {} } = call
  const [version, variant] = client === 'codex' ? [CODEX, 'Bash'] : [CLAUDE, 'Write']
  const recorded = payloadOf(version, 'PreToolUse', variant, { project: cli.project, session })
  const payload = { ...recorded, tool_name: tool, tool_input: input, ...(cwd && { cwd }) }
  return cli(['hook', 'run', '--client', client], { stdin: JSON.stringify(payload), env })
}

const write = (cli: Cli, path: string, call: Call) =>
  toolCall(cli, 'Write', { file_path: path, content: 'x' }, call)
const shell = (cli: Cli, command: string, call: Call) => toolCall(cli, 'Bash', { command }, call)
const event = (cli: Cli, name: string, session: string, env: Record<string, string> = {}) =>
  cli(['hook', 'run', '--client', 'claude-code'], {
    stdin: JSON.stringify(payloadOf(CLAUDE, name, '', { project: cli.project, session })),
    env,
  })

const SILENT = { code: 0, stdout: '', stderr: '' }
const ONE = { session: 'one' }
const TWO = { session: 'two' }

const clineCall = (input: unknown) => ({
  taskId: 'two',
  hookName: 'tool_call',
  tool_call: { name: 'apply_patch', input },
})

function refused(path: string): object {
  return { code: 2, stdout: '', stderr: expect.stringContaining(`${path} is being edited by`) }
}

function writeDiffs(project: string): void {
  const diff = (path: string, start = '') =>
    `--- ${start}${path}\n+++ ${start}${path}\n@@ -1 +1 @@\n-one\n+two\n`
  const files = {
    'p.diff': diff('src/a.ts', 'a/'),
    'plain.diff': diff('src/a.ts'),
    'other.diff': diff('src/b.ts', 'a/'),
    'renamed.diff':
      'diff --git a/src/a.ts b/b.ts\nsimilarity index 100%\nrename from src/a.ts\nrename to b.ts\n',
    'large.diff': diff('src/b.ts', 'a/') + ' one\n'.repeat(250_000),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text)
}

/** A project with `src/a.ts`, which session one is editing, and folders beside it. */
async function withEdited(body: (cli: Cli, file: string) => Promise<void>): Promise<void> {
  await withUsedCli(async (cli) => {
    const file = join(cli.project, 'src/a.ts')
    mkdirSync(join(cli.project, 'src'))
    writeFileSync(file, 'one')
    writeFileSync(join(cli.project, 'a.ts'), 'another')
    expect(await write(cli, file, ONE)).toEqual(SILENT)
    await body(cli, file)
  })
}

describe('a file by another name', () => {
  test('through links, dots, and from another project', () =>
    withEdited(async (cli, file) => {
      const other = join(cli.dataDir, 'other')
      mkdirSync(join(other, '.git'), { recursive: true })
      symlinkSync(join(cli.project, 'src'), join(cli.project, 'link'))
      symlinkSync(cli.project, join(cli.dataDir, 'whole'))
      symlinkSync(file, join(other, 'a.ts'))
      const ways = [
        join(cli.project, 'link/a.ts'),
        `${cli.project}/src/../src/./a.ts`,
        join(cli.dataDir, 'whole/src/a.ts'),
      ]
      for (const way of ways) {
        expect(await write(cli, way, TWO)).toMatchObject(refused(file))
        expect(await write(cli, way, { ...TWO, cwd: other })).toMatchObject(refused(file))
      }
      expect(await write(cli, join(other, 'a.ts'), { ...TWO, cwd: other })).toMatchObject(refused(file))
      expect(await write(cli, file, { ...TWO, cwd: other })).toMatchObject(refused(file))
    }))

  test('outside of every project', () =>
    withUsedCli(async (cli) => {
      mkdirSync(join(cli.dataDir, 'notes'))
      symlinkSync(join(cli.dataDir, 'notes'), join(cli.dataDir, 'link'))
      const file = join(cli.dataDir, 'notes/a.md')
      expect(await write(cli, file, ONE)).toEqual(SILENT)
      expect(await write(cli, join(cli.dataDir, 'link/a.md'), TWO)).toMatchObject(refused(file))
    }))

  test.each(['$id.tsx', '[...rest].ts', 'page (1).tsx', 'a.ts:12', '*.ts', '{a,b}.ts', '"a".ts', '~x', '@a'])(
    'a name is what it says: %s',
    (name) =>
      withUsedCli(async (cli) => {
        const file = join(cli.project, name)
        expect(await write(cli, file, ONE)).toEqual(SILENT)
        expect(await write(cli, file, TWO)).toMatchObject(refused(file))
      }),
  )

  test('work trees of one repository have files of their own, and each other’s by their whole path', () =>
    withUsedCli(async (cli) => {
      const [main, tree] = [join(cli.dataDir, 'main'), join(cli.dataDir, 'tree')]
      mkdirSync(main)
      const git = (...words: string[]) =>
        execFileSync('git', ['-C', main, '-c', 'user.name=a', '-c', 'user.email=a@b', ...words])
      git('init', '-q')
      git('commit', '-q', '--allow-empty', '-m', 'begin')
      git('worktree', 'add', '-q', tree)
      const [inMain, inTree] = [join(main, 'a.txt'), join(tree, 'a.txt')]
      expect(await write(cli, inMain, { ...ONE, cwd: main })).toEqual(SILENT)
      expect(await write(cli, inTree, { ...TWO, cwd: tree })).toEqual(SILENT)
      expect(await write(cli, inMain, { ...TWO, cwd: tree })).toMatchObject(refused(inMain))
      expect((await write(cli, inTree, { ...ONE, cwd: main })).code).toBe(2)
    }))

  test('a rule about files holds for the links that lead to them', () =>
    withUsedCli(async (cli) => {
      mkdirSync(join(cli.project, 'generated'))
      symlinkSync(join(cli.project, 'generated'), join(cli.project, 'out'))
      const rule = ['--applies-to', 'generated/**', '--enforce', 'block']
      await cli(['guideline', 'add', '--name', 'Generated', '--content', 'Made by a program.', ...rule])
      expect(await write(cli, join(cli.project, 'out/a.ts'), ONE)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('it breaks the guideline "Generated"'),
      })
    }))
})

describe('another session’s file, by every tool that writes', () => {
  test.each([
    ['Edit', (file: string) => ({ file_path: file, old_string: 'a', new_string: 'b' })],
    ['MultiEdit', (file: string) => ({ file_path: file, edits: [{ old_string: 'a', new_string: 'b' }] })],
    ['NotebookEdit', (file: string) => ({ notebook_path: file, new_source: 'x' })],
  ])('%s', (tool, input) =>
    withEdited(async (cli, file) => {
      expect(await toolCall(cli, tool, input(file), TWO)).toMatchObject(refused(file))
    }),
  )

  test.each([
    'Update File: src/a.ts\n@@\n-x\n+y',
    'Delete File: src/a.ts',
    'Update File: b.ts\n*** Move to: src/a.ts\n@@\n-x\n+y',
    'Add File: c.ts\n+x\n*** Update File: src/../src/a.ts\n@@\n-x\n+y',
  ])('a patch of Codex: %j', (patch) =>
    withEdited(async (cli, file) => {
      const command = `*** Begin Patch\n*** ${patch}\n*** End Patch\n`
      const codex = { session: 'two', client: 'codex' } as const
      expect(await toolCall(cli, 'apply_patch', { command }, codex)).toMatchObject(refused(file))
      expect(await shell(cli, `cd src && cd .. && apply_patch <<'E'\n${command}E\n`, codex)).toMatchObject(
        refused(file),
      )
      // All or none: what the patch names beside it is free.
      expect(await write(cli, join(cli.project, 'c.ts'), { session: 'three' })).toEqual(SILENT)
    }),
  )

  // Models of OpenAI have no other tool there that edits.
  test.each([
    [
      'opencode',
      (text: string) => ({ i: { tool: 'apply_patch', sessionID: 'two' }, o: { args: { patchText: text } } }),
    ],
    ['cline', (text: string) => clineCall({ input: text })],
    ['cline', clineCall],
    ['copilot-cli', (text: string) => ({ sessionId: 'two', toolName: 'apply_patch', toolArgs: text })],
    [
      'copilot-cli',
      (text: string) => ({
        sessionId: 'two',
        toolName: 'apply_patch',
        toolArgs: JSON.stringify({ input: text }),
      }),
    ],
  ] as const)('a patch of %s', (client, payload) =>
    withEdited(async (cli, file) => {
      const patch = '*** Begin Patch\n*** Update File: src/a.ts\n@@\n-x\n+y\n*** End Patch\n'
      const stdin = JSON.stringify({ cwd: cli.project, workspaceRoots: [cli.project], ...payload(patch) })
      const words = [
        'hook',
        'run',
        client === 'opencode' ? 'tool.execute.before' : 'pre-tool-use',
        '--client',
        client,
      ]
      const { code, stdout } = await cli(words, { stdin })
      expect([code, stdout]).toEqual([0, expect.stringContaining(`${file} is being edited by`)])
    }),
  )

  test.each([
    'echo x > src/a.ts',
    'cd src && sed -i s/a/b/ a.ts',
    'git checkout -- src/a.ts',
    'git -C src restore a.ts',
    'git checkout src/a.ts',
    'git --no-pager checkout HEAD src/a.ts',
    'mv -t src a.ts',
    "bash -c 'rm src/a.ts'",
    "perl -pi -e 's/a/b/' src/a.ts",
    'mv a.ts src/',
    'cp a.ts src',
    'mv src/a.ts b.ts',
    'sed -i s/x/y/ src/*.ts',
    'sed -i s/x/y/ */*.ts',
    'rm "src"/[!b].t?',
    'cd src && rm -f *',
    'git checkout HEAD -- src/*',
    "bash -c 'rm src/a*'",
    'rm src/{b,a}.ts',
    'rm {lib,src}/{b,{c,a}}.{js,ts}',
    'cp {a,b}.ts {lib,src}',
    'cp src/a{,.ts}',
    'mv src/a.{ts,js}',
    'rm src/{a..c}.ts',
    'ls src/*.ts | xargs -n 1 rm',
    'echo src/a.ts | xargs rm -f',
    'sed -i s/x/y/ s{ra..rc,rc}/*.ts',
    'sed -i s/x/y/ src/{*.js,*.ts}',
    'echo x > src/{a..a}.ts',
    'for f in src/*.ts; do sed -i s/x/y/ "$f"; done',
    'for n in b a; do echo x > "src/$n.ts"; done',
    'F=src/a.ts && echo x > "$F"',
    'FILES="b.ts src/a.ts"; rm $FILES',
    'files=(b.ts src/a.ts); rm "$\u007bfiles[@]}"',
    'while read -r f; do rm "$f"; done <<E\nsrc/a.ts\nE',
    'bash -c \'rm "$1"\' _ src/a.ts',
    'eval rm src/a.ts',
    'rm "$(pwd)/src/a.ts"',
    'pushd src && rm a.ts',
    'echo `rm src/a.ts`',
    "git commit -m \"$(cat <<'E'\nit's (done)\nE\n)\"; rm src/a.ts",
    "python3 - <<'E'\np = 'src/a.ts'\nopen(p, 'w').write('x')\nE",
    "node -e \"fs.writeFileSync('src/a.ts', 'x')\"",
    'npx prettier --write src/a.ts',
    'gawk -i inplace 1 src/a.ts',
    'rsync a.ts src/',
    'git apply p.diff',
    'git apply --index -p1 < p.diff',
    'git am p.diff',
    'patch -p1 < p.diff',
    'patch -p1 -i p.diff',
    'patch -p0 < plain.diff',
    'cd src && patch -p2 --input=../p.diff',
    'patch -d src -p2 -i ../p.diff',
    'git apply renamed.diff',
    `awk '{ print $1 > "src/a.ts" }' list.txt`,
    `awk 'NR > 1 { printf("%s\\n", $1) >> "src/a.ts"; n++ }' list.txt`,
    'tar xf p.tar src/a.ts',
    'tar -xzf p.tgz -C src a.ts',
    'unzip -o p.zip src/a.ts',
    'cd $(git rev-parse --show-toplevel) && rm src/a.ts',
    'cd lib && cd "$(git rev-parse --show-toplevel)/src" && rm *.ts',
    'TOP=$(git rev-parse --show-toplevel); rm $TOP/src/*.ts',
  ])('in a shell: %s', (command) =>
    withEdited(async (cli, file) => {
      writeDiffs(cli.project)
      expect(await shell(cli, command, TWO)).toMatchObject(refused(file))
    }),
  )

  test('a print of awk is looked at for two hundred characters, tried as it is at each of them', () =>
    withEdited(async (cli, file) => {
      const print = (length: number) => `awk '{print ${'a'.repeat(length)} > "src/a.ts"}' x`
      expect(await shell(cli, print(150), TWO)).toMatchObject(refused(file))
      expect(await shell(cli, print(250), TWO)).toEqual(SILENT)
    }))

  const many = (text: string) => text.repeat(Math.floor(190_000 / text.length))
  test.each([
    ['assignments', many('a=b ')],
    ['programs that run another', many('env ')],
    ['options of git', `git ${many('-c a ')}status`],
    ['variables in one word', `rm "${many('$a')}"`],
    ['prints of awk', `awk '${many('print ')}'`],
    ['filters', `ls ${many('| grep a ')} | xargs cat`],
  ])('of a line with far too many %s the beginning is looked at', (_, rest) =>
    withEdited(async (cli, file) => {
      expect(await shell(cli, `rm src/a.ts; ${rest}`, TWO)).toMatchObject(refused(file))
      expect(await shell(cli, `rm src/b.ts; ${rest}`, TWO)).toEqual(SILENT)
    }),
  )

  test.each([
    'rm src/*.js',
    'rm "src/*.ts"',
    'rm src/\\*.ts',
    'rm *',
    'sed s/x/y/ src/*.ts',
    'rm src/.*',
    'ls > src/*',
    'rm "src/{a,b}.ts"',
    'rm src/{"a.ts"}',
    'rm src/\\{a,b}.ts',
    'rm src/{a}.ts',
    'rm src/$\u007ba,b}.ts',
    'echo x > src/{a,b}.ts',
    'rm src/{b..a..2}.ts',
    'find . -type f | xargs wc -l',
    'find src -exec grep -l x {} +',
    "find . -name '*.pyc' -delete",
    "find . -name .git -prune -o -iname '*.PYC' -exec rm {} +",
    'find lib -type f -delete; echo src/b.ts | xargs rm',
    "grep -rl foo --include='*.js' src | xargs sed -i s/x/y/",
    'ls src/*.js | xargs -n 1 rm',
    'for f in src/*.js a.ts; do sed -i s/x/y/ "$f"; done',
    'for f in src/*.ts; do cat "$f"; done > all.txt',
    'find . -name "*.js" | while read f; do rm "$f"; done',
    'git commit -m "$(cat <<\'E\'\nrm src/a.ts > src/a.ts\nE\n)"',
    'python3 -c "import sys; sys.stdout.write(open(\'src/a.ts\').read())"',
    'npx prettier --check src/a.ts',
    'rsync -a src/ host:src/',
    'git apply --check p.diff',
    'git apply --stat < p.diff',
    'git apply --cached p.diff',
    'git apply other.diff',
    'git apply none.diff src',
    'git log -p > p.diff',
    'patch --dry-run -p1 < p.diff',
    'patch -p1 < src/a.ts',
    `awk '$1 > "src/a.ts" { print }' list.txt`,
    `awk '{ print ($1 > "src/a.ts") }' list.txt`,
    `awk '{ print > "src/a.ts" $1 }' list.txt`,
    `awk '{ print "x > src/a.ts" }' list.txt`,
    'tar tf p.tar',
    'tar czf p.tgz src/a.ts',
    'tar xf p.tar -C lib',
    'tar xOf p.tar src/a.ts',
    'tar -xzf p.tgz -C lib src/a.ts',
    'unzip -l p.zip src/a.ts',
    'unzip p.zip -d lib',
    'cd "$(git rev-parse --show-toplevel)" && rm src/b.ts',
    'cd $(git rev-parse --git-dir) && rm src/a.ts',
    'git stash list',
    'git stash show -p',
  ])('a pattern that does not mean it: %s', (command) =>
    withEdited(async (cli) => {
      writeDiffs(cli.project)
      expect(await shell(cli, command, TWO)).toEqual(SILENT)
    }),
  )

  test('a name in brackets, which is there as it stands', () =>
    withEdited(async (cli) => {
      const page = join(cli.project, 'src/[id]/page.ts')
      mkdirSync(join(cli.project, 'src/[id]'))
      writeFileSync(page, 'one')
      expect(await write(cli, page, ONE)).toEqual(SILENT)
      expect(await shell(cli, 'sed -i s/x/y/ src/[id]/page.ts', TWO)).toMatchObject(refused(page))
    }))

  test('a pattern of more files than can be locked one by one is the folder', () =>
    withEdited(async (cli, file) => {
      for (let n = 0; n < 101; n++) writeFileSync(join(cli.project, `src/${n}.ts`), 'x')
      const told = { code: 2, stderr: expect.stringContaining(`${file} in it is being edited by`) }
      expect(await shell(cli, 'sed -i s/x/y/ src/*.ts', TWO)).toMatchObject(told)
      expect(await shell(cli, 'sed -i s/x/y/ src/1*.ts', TWO)).toEqual(SILENT)
      expect(await write(cli, join(cli.project, 'src/10.ts'), ONE)).toMatchObject(
        refused(join(cli.project, 'src/10.ts')),
      )
    }))

  test.each([
    'rm -rf src',
    'rm -rf *',
    'rm -rf {lib,src}',
    'find . -type f -delete',
    'find src -exec sed -i s/x/y/ {} +',
    "find . \\( -name '*.js' -o -name '*.ts' \\) -exec rm -f {} \\;",
    "find src -name '*.ts' -print0 | sort -z | xargs -0 rm",
    "grep -rl foo --include='*.ts' src | grep -v b.ts | xargs sed -i s/x/y/",
    'git ls-files | xargs -I% mv % %.bak',
    'find src -type f -exec sh -c \'for f; do sed -i s/x/y/ "$f"; done\' _ {} +',
    "find . -name '*.ts' -exec bash -c 'echo x >> {}' \\;",
    'find src -print0 | while IFS= read -r -d "" f; do rm "$f"; done',
    "while read f; do echo x > $f; done < <(find . -name '*.ts')",
    'for f in $(git ls-files); do sed -i s/x/y/ $f; done',
    'FILES=$(grep -rl x src); sed -i s/x/y/ $FILES',
    'sed -i s/x/y/ `grep -rl x src`',
    'mapfile -t all < <(ls src); rm "$\u007ball[@]}"',
    'cat list.txt | xargs sed -i s/x/y/',
    'xargs -a list.txt rm',
    'eslint --fix src',
    'touch src/{1..101}.ts',
    'touch src/{1..9}{{1..9},{a..z}}.ts',
    'mv src lib',
    'git checkout .',
    'git reset --hard',
    'git stash',
    'git clean -fd',
    'git stash pop',
    'tar xf p.tar',
    'tar -xzf p.tgz --strip-components=1',
    'tar --extract --file=p.tar --directory=src',
    'unzip -qo p.zip',
    'unzip p.zip -d src',
    'git apply large.diff',
  ])('what changes a whole folder is refused while another session edits in it: %s', (command) =>
    withEdited(async (cli, file) => {
      writeDiffs(cli.project)
      expect(await shell(cli, command, TWO)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`${file} in it is being edited by the agent "claude-code-`),
      })
      // Not by one's own.
      expect((await shell(cli, command, ONE)).code).toBe(0)
      await event(cli, 'Stop', 'one')
      expect((await shell(cli, command, TWO)).code).toBe(0)
    }),
  )
})

describe('sessions', () => {
  test('of one name in the settings are told apart', () =>
    withUsedCli(async (cli) => {
      const env = { AGENT_MEMORY_AGENT_ID: 'ada' }
      const file = join(cli.project, 'a.ts')
      expect(await write(cli, file, { ...ONE, env })).toEqual(SILENT)
      expect(await write(cli, file, { ...ONE, env })).toEqual(SILENT)
      expect(await write(cli, file, { ...TWO, env })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`${file} is being edited by another session of the agent "ada"`),
      })
      // The end of the other's turn gives back nothing of it.
      await event(cli, 'Stop', 'two', env)
      expect((await write(cli, file, { ...TWO, env })).code).toBe(2)
      await event(cli, 'Stop', 'one', env)
      expect(await write(cli, file, { ...TWO, env })).toEqual(SILENT)
    }))

  test('one that goes on under the same id has its locks, and what it has seen', () =>
    withEdited(async (cli, file) => {
      const resumed = payloadOf(CLAUDE, 'SessionStart', 'startup', { project: cli.project, session: 'one' })
      await cli(['hook', 'run', '--client', 'claude-code'], { stdin: JSON.stringify(resumed) })
      expect(await write(cli, file, ONE)).toEqual(SILENT)
      expect(await write(cli, file, TWO)).toMatchObject(refused(file))
    }))

  test('that was refused reads again what was written before and after that', () =>
    withEdited(async (cli, file) => {
      const isAsked = { code: 2, stderr: expect.stringContaining('was changed since you last read it') }
      const [three, four] = [{ session: 'three' }, { session: 'four' }]
      // Three has read it, two has not; one writes; both are refused, and one goes.
      expect(await shell(cli, 'cd src && cat a.ts', three)).toEqual(SILENT)
      expect(await write(cli, file, four)).toMatchObject(refused(file))
      writeFileSync(file, 'of one, before the refusal')
      expect(await write(cli, file, TWO)).toMatchObject(refused(file))
      expect(await write(cli, file, three)).toMatchObject(refused(file))
      await event(cli, 'Stop', 'one')
      for (const session of [TWO, three, four]) {
        expect(await write(cli, file, session)).toMatchObject(isAsked)
        expect(await write(cli, file, session)).toEqual(SILENT)
        await event(cli, 'Stop', session.session)
      }
    }))

  test.each(['cat src/a.ts', 'cd src && head -n 5 a.ts', "sed -n '1,9p' src/a.ts"])(
    'that reads a file in a shell knows it from then on: %s',
    (command) =>
      withEdited(async (cli, file) => {
        await event(cli, 'Stop', 'one')
        expect(await shell(cli, command, TWO)).toEqual(SILENT)
        writeFileSync(file, 'of another one')
        expect((await shell(cli, 'cat b.ts; echo x > src/a.ts', TWO)).code).toBe(2)
        expect(await shell(cli, command, TWO)).toEqual(SILENT)
        expect(await write(cli, file, TWO)).toEqual(SILENT)
      }),
  )

  test('whose lock ran out before its turn ended reads again what another one wrote meanwhile', () =>
    withUsedCli(async (cli) => {
      const file = join(cli.project, 'a.ts')
      writeFileSync(file, 'one')
      await write(cli, file, ONE)
      await cli(['lock', 'force-unlock', file, '--reason', 'test', '--agent-id', 'person'])
      await write(cli, file, TWO)
      writeFileSync(file, 'of two')
      await event(cli, 'Stop', 'two')
      await event(cli, 'Stop', 'one')
      expect(await write(cli, file, ONE)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('Read the file anew, then repeat the edit.'),
      })
      expect(await write(cli, file, ONE)).toEqual(SILENT)
    }))

  test('its own writes do not count as changed, also where the client does not tell that they are done', () =>
    withEdited(async (cli, file) => {
      // Refused, so that it is known what it has seen.
      expect(await write(cli, file, TWO)).toMatchObject(refused(file))
      await event(cli, 'Stop', 'one')
      for (const text of ['first of two', 'second one of two']) {
        expect(await shell(cli, `echo '${text}' > src/a.ts`, TWO)).toEqual(SILENT)
        writeFileSync(file, text)
      }
      await event(cli, 'Stop', 'two')
      expect(await write(cli, file, TWO)).toEqual(SILENT)
      await event(cli, 'Stop', 'two')
      // What another one writes does.
      writeFileSync(file, 'of another one altogether')
      expect(await write(cli, file, TWO)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('was changed since you last read it'),
      })
    }))
})
