import { fold } from './fold.ts'
import { stemOf } from './stem.ts'

/** Words of the developers' world that are used for one another; one line a meaning, any order. */
const SAME = `
deploy ship release rollout publish ausliefern deployment launch golive
rollback revert undo reverse backout
bug defect fault error issue
crash die fail abort panic
failure outage incident downtime postmortem ausfall
secret credential password key token apikey
passwd password passphrase
store save persist keep write
delete remove erase drop purge wipe
add create insert new
fetch get retrieve load read
change modify edit alter update adjust
config configuration setting option preference
setup install provision bootstrap
env environment
prod production live
dev development local developer
stage staging preprod
repo repository
doc documentation manual guide handbook anleitung
auth authentication login signin signon session
authz authorization permission access right role
sso saml oidc authentik keycloak okta
login signin logon authenticate
user customer client account people
guest visitor customer
db database datastore warehouse dbms
query sql select statement
table relation
schema migration ddl
cache caching cached memoize
queue job worker background async asynchronous task
cron schedule scheduler nightly timer orchestrate orchestration
message notification event
mail email smtp
webhook callback
endpoint route url path api
request call query
response answer reply
limit quota throttle throttling ratelimit cap
timeout deadline expiry expire ttl
latency slow speed performance fast duration
memory ram heap oom
cpu processor core
disk storage volume space
container docker image podman
kubernetes k8s cluster kubectl helm
cloud hosting host provider aws gcp azure
server machine host node instance
network net connection
domain dns hostname
certificate cert tls ssl https
log logging print trace
metric monitoring observability dashboard telemetry
alert alarm page notify warning
oncall pager duty rota standby
test testing spec check verify
flaky unstable unreliable intermittent nondeterministic
mock stub fake fixture
ci pipeline actions workflow build
build compile bundle make
lint linter linting formatter style
type typing typescript types
code source
review approval approve
branch trunk fork
commit message history
merge pull pr
dependency package library module dep
upgrade update bump renovate
version release semver
vulnerability security cve
encrypt encryption cipher crypto
hash digest checksum
gdpr privacy personal pii
retention keep store delete
frontend ui interface browser client web
backend server service
component widget
css style stylesheet styling tailwind
translate translation i18n locale localization language
image picture photo
upload file attachment
money price amount payment currency cent billing
float decimal double number
tax vat mwst
invoice bill rechnung receipt
refund reimburse payback
cancel cancellation storno
book booking reservation reserve
duplicate twice double replay repeat
idempotent idempotency duplicate replay twice
race concurrent concurrency parallel
lock mutex semaphore
retry repeat again backoff
date day time calendar
timezone utc clock
holiday vacation feiertag
vacation holiday leave urlaub
backup restore recovery dump
copy clone replica replicate mirror
seed fixture sample populate fill
search find lookup
map cartography tile
model algorithm
predict forecast prediction forecasting estimate
train training retrain fit
metric score accuracy loss evaluation
feature column attribute
leak leakage
gpu cuda
notebook jupyter ipynb
firmware embedded device unit board
board pcb hardware
flash burn program
interrupt isr irq
heap malloc alloc allocate allocation
pin gpio pinout
sensor probe measurement
battery cell power
current consumption power microamp milliamp ampere
voltage volt brownout
radio wireless antenna rf
wireless ota air fota
payload message frame packet format
sign signature signing
key credential secret
watchdog wdt
calibrate calibration kalibrieren
cold freeze freezing low temperature winter
reset reboot restart
boot start startup
reason why because rationale decision
choose select decide pick went
rule guideline convention standard policy
naming name convention call
forbidden never prohibited banned disallow
allow permit may ok
must require need mandatory
owner responsible maintainer team ask
percent percentage share ratio
cost expensive price budget money
deep neural lstm gpu
edge boundary
stale outdated old obsolete
recent latest last newest
begin start
end finish
stop halt kill terminate
error exception failure
feature flag switch toggle
breaking incompatible
deprecate sunset obsolete
public external partner
private internal
ticket issue jira
tell announce inform notify communicate
format structure layout
size large big length
seal dichtung gasket
housing case enclosure gehause
factory manufacturer fertiger plant
humidity condensation moisture
unfinished open pending todo remaining leftover
weather meteo wetter
shop store branch filiale
import ingest load
export dump
schedule plan window
freeze lock moratorium
cellphone phone mobile
laptop machine computer pc
os linux operating system
editor ide vim vscode
shell terminal console bash
python py
javascript js node
frequency often interval cadence`

/** Kinds and the names of what is one of them: either finds the other, a name never another name. */
const KINDS = `
database db datastore dbms: postgresql postgres mysql mariadb sqlite mongodb cockroachdb dynamodb oracle sqlserver cassandra firestore supabase neon planetscale
warehouse dwh: bigquery snowflake redshift clickhouse databricks duckdb
cache: redis memcached valkey dragonfly varnish keydb
queue broker job worker async background: rabbitmq kafka sqs nats celery sidekiq bull bullmq pgboss pubsub temporal resque
orchestrate scheduler pipeline: airflow dagster prefect luigi argo kestra temporal
secret credential vault: vault doppler sops 1password infisical keyvault secretmanager sealedsecret dotenv hsm
search fulltext: elasticsearch opensearch meilisearch typesense algolia solr lucene
cloud hosting provider: aws gcp azure hetzner digitalocean heroku ovh vercel netlify cloudflare fly
storage bucket blob: s3 r2 minio gcs ceph bucket
deploy: argocd flux spinnaker helm ansible capistrano kamal
ci pipeline: jenkins github gitlab circleci buildkite travis drone tekton
infrastructure infra iac: terraform pulumi ansible cloudformation opentofu chef puppet
monitoring observability metric dashboard alert: prometheus grafana datadog sentry newrelic loki jaeger opentelemetry honeycomb
framework: react vue svelte angular next nextjs nuxt remix django flask fastapi rails laravel express nestjs spring
css style styling: tailwind sass bootstrap styled vanilla
test: jest vitest playwright cypress pytest junit mocha selenium twister
lint: eslint biome prettier ruff pylint clippy pyright mypy flake8 cppcheck misra
python: uv poetry pip conda pdm venv pyenv
package: npm pnpm yarn pip cargo maven gradle
auth authentication login sso: auth0 okta keycloak authentik clerk cognito supabase jwt oauth saml
payment billing: stripe adyen paypal mollie braintree
mail email: sendgrid mailgun postmark mailpit ses smtp mailhog
rtos: zephyr freertos threadx nuttx riot vxworks
linux distribution distro os: fedora ubuntu debian arch nixos alpine
editor ide: vscode zed helix neovim vim emacs intellij
model algorithm learning: lightgbm xgboost catboost prophet arima transformer lstm bert
map cartography: openstreetmap mapbox maplibre leaflet protomaps google
container: docker podman containerd kubernetes
proxy: nginx caddy traefik envoy haproxy
vcs: git mercurial svn
flag: launchdarkly unleash growthbook flagsmith posthog
orm: prisma drizzle typeorm sequelize hibernate sqlalchemy kysely
language: typescript javascript python rust golang java kotlin swift ruby
radio: lora lorawan bluetooth zigbee wifi thread nbiot`

/** Short forms and the words that they are short for. */
const SHORT = `
pg postgresql
postgres postgresql
psql postgresql
k8s kubernetes
i18n internationalization translation
l10n localization
a11y accessibility
o11y observability
tf terraform
ts typescript
js javascript
py python
rn react
gh github
gha github actions
pr pull request
mr merge request
wip draft
config configuration
conf configuration
cfg configuration
env environment
vars variables
var variable
repo repository
docs documentation
doc documentation
spec specification
auth authentication
authn authentication
authz authorization
admin administrator
db database
dbs database
prod production
dev development
perf performance
deps dependency
dep dependency
pkg package
lib library
impl implementation
fn function
func function
param parameter
args argument
arg argument
info information
msg message
req request
res response
err error
ex exception
temp temporary
tmp temporary
dir directory
cmd command
app application
svc service
ns namespace
cert certificate
creds credential
pw password
pwd password
ops operations
infra infrastructure
sre reliability
e2e end
qa quality
ci integration
cd delivery
ml learning
ai artificial intelligence llm
bq bigquery
gcs google storage
ram memory
hw hardware
fw firmware
sw software
fota firmware update
isr interrupt
irq interrupt
pcb board
vat tax
csv spreadsheet
sla agreement
rfc proposal
adr decision
xmas christmas
christmas december
eu europe
id identifier
ids identifier
num number
max maximum
min minimum
avg average`

/** English for what German texts of teams say, and back. */
const TRANSLATED = `
invoice rechnung
number nummer
booking buchung
guest gast
berth liegeplatz
harbour hafen
tax steuer umsatzsteuer mehrwertsteuer
vat mehrwertsteuer umsatzsteuer
rate satz
price preis
list liste
promotion aktion
return retoure ruckgabe rucksendung
goods ware
school schule
holiday ferien feiertag urlaub
vacation urlaub
customer kunde
device gerat
unit gerat
test prufung
end end
calibrate kalibrieren
calibration kalibrierung kalibrieren
button taste
outdoors freie
seal dichtung
housing gehause
open offnen
storage lager lagerung
battery batterie akku zelle
shop laden filiale
employee mitarbeiter
contract vertrag
leave urlaub ausscheiden
error fehler
message meldung nachricht
password passwort kennwort
user nutzer benutzer
month monat
week woche
day tag
year jahr
time zeit dauer
deliver liefern ausliefern
delivery lieferung auslieferung
deploy ausliefern ausgeliefert auslieferung
release veroffentlichung freigabe
forecast vorhersage prognose
model modell
data daten
database datenbank
file datei
key schlussel
machine maschine
order bestellung auftrag
payment zahlung
refund erstattung
cancel stornieren kundigen
cancellation stornierung stornogebuhr
format format aufbau
target ziel
max hochstens langer
factory fertiger werk
replace tauschen ersetzen
send senden versenden verschicken
edit andern bearbeiten
change anderung andern
approve freigeben genehmigen
approval freigabe genehmigung
name name heisst heissen
safety sicherheit
security sicherheit
search suche suchen
write schreiben
delete loschen
save speichern sichern
backup sicherung
weather wetter
sale verkauf verkaufen
branch filiale zweig
rule regel
team gruppe
question frage
answer antwort
language sprache
meeting besprechung
temperature temperatur
humidity feuchte luftfeuchtigkeit 湿度
battery 電池
test テスト
factory 工場
error エラー
server サーバー
password パスワード
database データベース
deploy デプロイ
user ユーザー
condensation 結露
temperature 温度
office 支社
contact 窓口 連絡
approval 承認`

const WEIGHTS = { same: 0.68, kind: 0.8, short: 0.95, translated: 0.95 } as const

/** Another word for a question's word, as the index holds it. */
export interface OtherWord {
  readonly term: string
  readonly weight: number
}

let table: ReadonlyMap<string, ReadonlyMap<string, number>> | undefined

/** What else may be meant by a stem, the nearest first. */
export function otherWords(stem: string): readonly OtherWord[] {
  table ??= built()
  const others = [...(table.get(stem) ?? [])].map(([term, weight]) => ({ term, weight }))
  return others.sort((a, b) => b.weight - a.weight)
}

/** The words of the table that begin with a letter. */
export function knownWordsFrom(letter: string): readonly string[] {
  table ??= built()
  return [...table.keys()].filter((word) => word.startsWith(letter))
}

function built(): Map<string, Map<string, number>> {
  const made = new Map<string, Map<string, number>>()
  const put = (from: string, to: string, weight: number) => {
    if (from === to) return
    const others = made.get(from) ?? new Map<string, number>()
    others.set(to, Math.max(weight, others.get(to) ?? 0))
    made.set(from, others)
  }
  const both = (one: string, other: string, weight: number) => {
    put(one, other, weight)
    put(other, one, weight)
  }
  for (const words of linesOf(SAME))
    for (const one of words) for (const other of words) put(one, other, WEIGHTS.same)
  for (const line of KINDS.trim().split('\n')) {
    const [kinds = [], names = []] = line.split(':').map((part) => linesOf(part).flat())
    for (const kind of kinds) for (const name of names) both(kind, name, WEIGHTS.kind)
  }
  for (const [short = '', ...long] of linesOf(SHORT))
    for (const word of long) both(short, word, WEIGHTS.short)
  for (const [english = '', ...other] of linesOf(TRANSLATED)) {
    for (const word of other) both(english, word, WEIGHTS.translated)
  }
  return made
}

function linesOf(text: string): string[][] {
  return text
    .trim()
    .split('\n')
    .map((line) => [...new Set(line.split(/[\s:]+/).flatMap((word) => formsOf(word)))])
}

function formsOf(word: string): string[] {
  return [stemOf(fold(word), 'english')]
}
