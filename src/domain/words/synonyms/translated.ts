/** English for what German texts of teams say, and back. */
export const TRANSLATED = `
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
