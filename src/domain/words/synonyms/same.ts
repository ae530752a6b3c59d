/** Words of the developers' world that are used for one another; one line a meaning, any order. */
export const SAME = `
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
frequency often interval cadence
noise loud sound quiet
incremental delta diff partial
patch update delta fix
big large size bytes
cause reason root why
wrong incorrect bad nonsense garbage invalid
broken faulty defective damaged
throw discard ignore drop
empty drained dead
lost missing gone vanish
simulate emulate emulator simulator qemu virtual
hardware board device rig rack
hire join onboarding newcomer starter
quit leave offboarding departure
fast quick speed
permitted allowed may
compare against versus
replace swap substitute supersede exchange
remove rid abandon discontinue retire
introduce adopt start
merge combine unify consolidate
split separate partition divide
move migrate transfer relocate
rename name
clean cleanup tidy prune
check verify validate inspect
watch monitor observe
show display print list
hide mask redact
open start launch
close shut end
connect link attach
wait block pause sleep
hang freeze stuck deadlock stall
full overflow exhausted
crash segfault panic fault
correct right valid
safe secure
customer client tenant
employee colleague staff
boss manager lead
meeting standup call sync
document paper page
question ask query
answer respond reply
help support assistance
buy purchase order procure
sell sale revenue
pay charge bill
free cost price
vendor supplier provider
contract agreement deal
law legal compliance
license licence permission
warehouse store depot
ship deliver send transport
weekday monday tuesday wednesday thursday friday
weekend saturday sunday
morning early
evening night late
summer june july august
winter december january february
month monthly
week weekly
day daily
year yearly annual
hour hourly
pdf document export
csv spreadsheet excel export
screenshot picture image
keyboard input key
screen display monitor
phone mobile call
address location place
country region locale
translate language localize
style design look
colour theme dark
font typeface
button click tap
form input field
page screen view
menu navigation
accessibility screenreader contrast
header heading title
list array collection
number count amount total
string text
empty null none missing
sort order rank
filter limit where
page pagination cursor
token jwt bearer
cookie session
proxy gateway balancer
traffic load requests
spike peak burst
region zone datacenter
downtime maintenance window
snapshot backup image
thread process worker
signal event interrupt
clock time timer
temperature heat cold
dust particle particulate
air co2 gas
light led lamp
magnet reed switch
antenna radio signal
range distance reach
join connect register enroll pair
provision commission flash setup
publish upload submit release distribute
appstore store testflight playstore
fingerprint biometric faceid touchid face
pin passcode code
lockout locked block blocked ban suspended
ios iphone ipad apple
android pixel samsung
macos mac osx macbook
windows win powershell
multiplayer netcode networking coop
player gamer user
framerate fps frame
texture material shader graphics
model mesh asset
graphic art asset design
sound audio music
animation motion transition
controller gamepad joystick
achievement trophy progress
savegame save checkpoint progress
stacktrace traceback callstack backtrace symbolicate
physics collision
level map scene
mod plugin extension addon scripting script
mtx microtransaction purchase
pink magenta
genome assembly reference
sample specimen
sequencing coverage depth
pipeline workflow dag flow
chart plot figure graph diagram
statistic significance correction
anonymize anonymization pseudonym pseudonymize redact anonymous
patient subject personal
cohort dataset
core cpu vcpu
runtime duration elapsed walltime limit
job batch run task
output result artifact
result outcome finding
directory folder path
archive tape cold retention
author owner contributor
contact person ask responsible
procedure process runbook playbook steps
outage incident emergency
hardware laptop machine equipment
notebook laptop
headphone headset
salary pay wage
expense reimburse receipt
travel trip
parental maternity paternity
sick illness absence
probation trial
interview candidate recruiting
training course learning
convention format style standard
comment annotation note
todo task backlog
estimate estimation effort
sprint iteration
kanban board
roadmap plan milestone
launch release golive start
date day when
announce announced promised original
postpone delay slip move
approve sign review reviewer
maintainer codeowner owner
monorepo workspace
submodule subtree
rebase squash merge
tag label
changelog notes history
semver version numbering
hotfix patch urgent
canary gradual rollout staged
bluegreen switch cutover
downgrade rollback
autoscale scale scaling replicas
loadbalancer balancer ingress
firewall network policy acl
vpn tunnel wireguard bastion
ssh login shell
subnet vpc network
quota limit cap
throughput rps capacity
benchmark measure performance
profile profiler flamegraph
bottleneck slow hotspot
leak grow growing
starvation exhausted pool
pool connection
deadlock lock wait
isolation transaction
index indexes
partition shard sharding
replication replica standby
failover promote switchover
backup pitr restore
encryption encrypted kms
rotate rotation renew
expire expiration expired
audit trail log
compliance soc2 iso audit
consent cookie gdpr
pentest security vulnerability
csrf xss injection
cors origin
csp policy header
ratelimit throttle limit
captcha bot
webhook signature
retry backoff repeat resend
dedupe deduplicate duplicate
eventual consistency stale
ordering order sequence
schema contract
protobuf grpc rpc
graphql query
rest api http
websocket realtime socket streaming
sse streaming events
pagination cursor page offset
serialization serialize marshal json
parse parser decode
regex pattern expression
unicode encoding utf8 charset
crlf newline lineending
timezone tz offset
rounding round decimal
locale language region
rtl arabic bidirectional
responsive mobile breakpoint
component storybook
state store redux
router routing navigation
form validation
ssr rendering hydrate
bundle webpack vite bundler
minify compress
image thumbnail resize
cdn edge cache
lazy deferred
accessibility aria
icon glyph
tooltip hint
modal dialog popup
toast notification
onboarding tutorial welcome
subscription plan tier
coupon discount promo
checkout basket cart
shipment delivery parcel tracking
stock inventory
supplier vendor
invoice billing
payout settlement transfer
transaction posting booking entry
ledger accounting postings
account balance
card credit debit
kyc identity verification
fraud suspicious abuse
chargeback dispute
interest rate
currency exchange fx
embedding vector
llm gpt claude openai prompt
prompt instruction
hallucination wrong
finetune training
inference serving predict
dataset data corpus
label annotation
drift monitoring
experiment ab trial
etl ingest pipeline
warehouse analytics
dashboard report bi
parquet columnar
spark hadoop
stream streaming kafka
cronjob schedule nightly
simulator emulator device
bluetooth ble
mqtt broker
gateway hub
bootloader boot
jtag debugger swd
oscilloscope measure
solder assembly
connector plug cable
enclosure housing
certification ce fcc
scratch temporary tmp
mismatch swapped mixup
quiet duck lower mute
plan planner optimise optimize optimiser solver scheduler
roster rota shift duty schedule
swap exchange trade
nurse ward doctor clinic hospital
hospital clinic ward medical
patient sick ill
prescription medication drug dose
appointment visit slot booking
package parcel shipment box
package library module
courier carrier postman driver delivery
van vehicle truck lorry car fleet
route tour trip itinerary path
handover deliver proof handed
recipient addressee receiver
pickup collect collection relay
warehouse depot store hub
strike walkout
text sms message
phone call ring telephone
special umlaut accent diacritic character
letter character glyph
salary payroll wage compensation
bonus supplement surcharge allowance extra
overtime hours extra
archive keep retain retention
material fabric cloth textile
cut cutter plotter plot
print printer paper sheet
label sticker tag
barcode scanner scan qr
dimension length measure unit
coordinate point position vertex
compare equal match
tolerance epsilon precision
precision accuracy exact
curve spline arc
drawing sketch figure picture
undo ctrl revert command
dialog window popup
gui widget window ui
worker thread background
mac macos apple
build compile cmake
licence activation key serial
seat user licence
price cost fee tariff rate
deadline due until limit
late deadline until
limit maximum most upper ceiling cap
minimum least lower floor
sign signature certificate ev
installer setup msi package
snapshot golden screenshot baseline
pixel tolerance picture
visual screenshot rendering picture
saving summer clock dst winter
summertime dst october march clock
story estimate size point
size estimate effort shirt
home remote outside vpn
remote outside home distributed
anonymise blur mask hide redact
prospect demo trial lead
demo showcase presentation
impairment accessibility disability disabled blind
disability impairment accessible
reversible undo hard
purchase buy buying order quote
approve confirm agree ok
quote offer proposal
tender bid offer contract
recruit hire hiring interview candidate
colleague teammate coworker
manager lead head chief
external contractor freelancer agency
consultant contractor adviser
lawyer legal counsel
lawsuit claim dispute
insurance cover policy liability
customs import border
currency euro dollar pound franc
discount rebate reduction promo
cheap low inexpensive
expensive high dear costly
winter cold snow
distance far range reach kilometre
far range distance
battery electric charge ev
charge charging load
energy power electricity
solar photovoltaic inverter panel
grid network mains
meter counter reading measure
heat heating boiler temperature
water flow pump valve
leak drip loss
crop field harvest farm
farm agriculture barn stable
animal cattle cow livestock
student pupil learner
teacher instructor tutor
lesson class course lecture
exam quiz assessment test
grade mark score
school university campus
library book shelf
article story post content
editor author writer
publish release post
comment remark note
reader subscriber audience
subscriber member user
newsletter mailing campaign
campaign promotion ad
advertisement ad banner
analytics tracking statistics insight
conversion funnel rate
consent opt agree
donate donation gift
event concert show
venue place location
ticket fare price
flight plane airline
train rail platform
bus line stop
passenger rider traveller
hotel room stay
room space office
desk place seat
parking garage car
kitchen coffee canteen
restaurant menu order
food meal dish
recipe ingredient
game match play
league table season
weather rain storm
alarm siren warning
fire smoke emergency
door gate entrance access
entrance door gate
code passcode pin
camera video picture
video clip stream recording
record recording capture
microphone audio voice
voice speech audio
subtitle caption transcript
transcribe transcript transcription speech
summary abstract overview
translate interpreter
spelling typo grammar
template boilerplate scaffold
scaffold generate generator
generate generated codegen
example sample snippet
tutorial walkthrough guide howto
glossary term vocabulary
diagram drawing chart
architecture design structure
layer tier level
pattern practice
antipattern smell mistake
legacy old ancient inherited
rewrite refactor port migrate
refactor cleanup restructure
technical debt legacy
prototype poc spike experiment
spike investigation research
research study investigate
investigate analyse debug diagnose
debug breakpoint inspect trace
reproduce repro replicate
reproducible deterministic same
deterministic seed random
random shuffle seed
order sequence sort
sequence order row
priority urgent importance
urgent critical severe
severity urgency priority
critical blocker important
minor small trivial
trivial small simple
complex complicated difficult
easy simple quick
careful caution beware
dangerous risk risky unsafe
risk danger threat
threat attack attacker
attack exploit abuse
hack hacked breach compromise
compromise breach leak
permission right grant access
revoke withdraw remove
forbid prohibit ban never
exempt exception excluded
exclude skip omit ignore
skip ignore bypass omit
bypass skip circumvent workaround
workaround trick hack temporary
temporary interim short
sometimes occasionally intermittent
rare seldom
everyone everybody all
half fifty
third thirty
twice two double
dozen twelve
weekly week sprint
fortnight biweekly two
quarter three months
annual yearly year
midnight night twelve
noon midday lunch
morning before noon
afternoon after noon
tonight evening today
nightly night daily
realtime live instant immediately
immediately instantly once
delay lag wait latency
lag delay behind
slow sluggish laggy delay
freeze hang stall
blank white empty
flicker flash blink
crash segfault sigsegv abort
segfault segmentation sigsegv
fault segmentation crash
corrupt damaged broken bad
damaged corrupt broken
garbled mojibake encoding
missing absent lack lost
duplicate repeated twice
mismatch differ different
differ different differs vary
identical same equal
match correspond equal
convert conversion transform cast
transform map convert
cast convert coerce
batch bulk chunk group
collection list set
element item entry
item article product entry
product item article goods
catalog catalogue list assortment
category kind type class
kind type sort
class type kind
field column attribute property
attribute property tag
parameter argument setting option
instead rather replace
replace substitute instead
default standard preset
preset profile default
profile preset configuration
mode state profile
status state progress
progress status percent
requirement need condition must
prerequisite requirement need before
assumption premise suppose
goal aim target objective
aim goal target
objective kpi goal
kpi metric indicator
indicator sign metric
sign mark indicator
symptom sign problem
problem issue trouble bug
trouble problem difficulty
solve fix resolve cure
fix repair solve correct
repair fix mend
resolve settle fix
settle resolve decide
agree accept approve
accept approve agree
reject refuse decline deny
refuse reject decline
deny refuse block
decline reject refuse
block stop deny
discuss talk debate meeting
explain describe clarify
describe explain document
mention name refer
refer link point
link reference url
reference link pointer
join attach connect combine
combine join merge
separate split apart
divide split share
distribute spread share
gather collect harvest
collect gather pick
push send upload
send push submit transmit
transmit send transfer
release free unlock
unlock release open
free release available
available free ready
ready available done
done finished complete
complete finish done whole
partial incomplete part
incomplete partial unfinished
429 ratelimit throttle quota backoff
401 unauthorized unauthenticated login
403 forbidden permission denied
404 missing found unknown
409 conflict duplicate
412 precondition version
413 large size
422 validation invalid
500 crash internal
502 gateway upstream
503 unavailable overload
504 timeout
tamper alter manipulate forge change
prove proof evidence
garbage gc collector allocation heap
circuit breaker trip failing
sequential serial order one
parallel simultaneous concurrent
primitive string plain
header top frontmatter front
closed proprietary private
category group classify
gradual progressive canary staged
exactly once idempotent
fake double stub spy memory
renderer render ssr csr spa
animation gesture swipe drag
immutable readonly append
multitenant tenant tenancy isolation
ephemeral temporary short
secret vault key credential
supply sbom provenance
cost finops spend
finops cost tag
consistency eventual strong
ownership owner codeowner
pull pr preview
prelude stdlib base
`
