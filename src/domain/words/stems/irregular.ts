/** Forms that no ending explains: each line is what they mean, and the forms. */
const FORMS = `
be am is are was were been being
become became
begin began begun
bind bound
bite bit bitten
blow blew blown
break broke broken
bring brought
build built
rebuild rebuilt
burn burnt
buy bought
catch caught
choose chose chosen
come came
cost costs
deal dealt
dig dug
do did done does
draw drew drawn
drink drank drunk
drive drove driven
eat ate eaten
fall fell fallen
feed fed
feel felt
fight fought
find found
fly flew flown
forbid forbade forbidden
forget forgot forgotten
freeze froze frozen
get got gotten
give gave given
go went gone goes
grow grew grown
have has had
hear heard
hide hid hidden
hold held
keep kept
know knew known
lay laid
lead led
learn learnt
leave left
lend lent
lose lost
make made
mean meant
meet met
override overrode overridden
overwrite overwrote overwritten
pay paid
put puts
read reads
rewrite rewrote rewritten
ride rode ridden
ring rang rung
rise rose risen
run ran
rerun reran
say said
see saw seen
seek sought
sell sold
send sent
resend resent
shake shook shaken
shine shone
shoot shot
show shown
shrink shrank shrunk
sing sang sung
sink sank sunk
sit sat
sleep slept
speak spoke spoken
spend spent
spin spun
stand stood
understand understood
steal stole stolen
stick stuck
strike struck
swim swam swum
take took taken
undertake undertook undertaken
teach taught
tear tore torn
tell told
think thought
throw threw thrown
undo undid undone
redo redid redone
wake woke woken
wear wore worn
win won
withdraw withdrew withdrawn
write wrote written
analysis analyses analyse analyze analysed analyzed
basis bases
crisis crises
hypothesis hypotheses
thesis theses
parenthesis parentheses
index indices indexes
matrix matrices
vertex vertices
appendix appendices
criterion criteria
phenomenon phenomena
datum data
medium media
schema schemata
child children
person people
man men
woman women
foot feet
mouse mice
tooth teeth
half halves
leaf leaves
life lives
knife knives
shelf shelves
self selves
good better best
bad worse worst
behaviour behavior
colour color
licence license
centre center
organisation organization
initialise initialize
normalise normalize
serialise serialize
synchronise synchronize
optimise optimize
authorise authorize
customise customize
catalogue catalog
dialogue dialog
grey gray
cancel cancelled cancelling canceled canceling
label labelled labelling
travel travelled travelling`

/** A form and what it stands for. */
export const IRREGULAR: ReadonlyMap<string, string> = new Map(
  FORMS.trim()
    .split('\n')
    .flatMap((line) => {
      const [base = '', ...forms] = line.split(' ')
      return forms.map((form) => [form, base] as const)
    }),
)
