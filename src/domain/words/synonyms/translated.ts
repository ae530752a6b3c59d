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
factory 工場
condensation 結露
temperature 温度
office 支社
contact 窓口 連絡
approval 承認
night nacht nachtdienst
shift schicht dienst
bonus zuschlag zulage
extra zuschlag zusatzlich
pay lohn gehalt vergutung bezahlung
salary gehalt lohn
hour stunde
quarter viertel quartal
morning morgen vormittag
evening abend
today heute
tomorrow morgen
yesterday gestern
before vorher
after danach
summer sommer
rule vorschrift
law gesetz recht
privacy datenschutz
protection schutz
address adresse anschrift
street strasse
city stadt ort
country land
company firma unternehmen
department abteilung
management geschaftsfuhrung leitung
responsible zustandig verantwortlich
contact ansprechpartner kontakt
substitute vertretung stellvertreter
absence abwesenheit
sick krank krankheit
doctor arzt
hospital krankenhaus klinik
insurance versicherung
accident unfall
emergency notfall
warning warnung hinweis
note hinweis notiz
instruction anleitung anweisung
manual handbuch anleitung
guide leitfaden anleitung
step schritt
process ablauf prozess verfahren
approve genehmigung
permission erlaubnis berechtigung
forbidden verboten untersagt
allowed erlaubt gestattet
required pflicht notwendig erforderlich
must muss mussen
deadline frist termin
appointment termin
date datum termin
duration dauer
period zeitraum
maximum hochstens maximal
minimum mindestens minimal
limit grenze grenzwert
threshold schwelle grenzwert
share anteil
percent prozent
amount betrag menge
quantity menge anzahl
count anzahl
size grosse
weight gewicht
length lange
width breite
height hohe
distance entfernung abstand
speed geschwindigkeit
pressure druck
power leistung strom
current strom
voltage spannung
cable kabel
plug stecker
screw schraube
spare ersatzteil
assembly montage
repair reparatur reparieren
maintenance wartung
cleaning reinigung
check prufen kontrolle
inspection kontrolle prufung
quality qualitat
defect mangel fehler
complaint reklamation beschwerde
warranty garantie gewahrleistung
supplier lieferant
purchase einkauf kauf
sell verkaufen
discount rabatt nachlass
offer angebot
account konto
transfer uberweisung
receipt beleg quittung
cash bargeld kasse
till kasse
cost kosten
budget haushalt
profit gewinn
loss verlust
report bericht
table tabelle
column spalte
row zeile
page seite
image bild
picture bild foto
colour farbe
font schrift
print drucken druck
printer drucker
screen bildschirm
keyboard tastatur
computer rechner
network netz netzwerk
connection verbindung
access zugang zugriff
login anmeldung anmelden
encryption verschlusselung
backup datensicherung
restore wiederherstellung wiederherstellen
outage ausfall storung
incident storung vorfall
start starten beginn
stop anhalten
switch umstellen schalter
migration umstellung migration
version fassung
requirement anforderung
decision entscheidung entschieden
reason grund begrundung
why warum weshalb
plan plan planung
goal ziel
project projekt
task aufgabe
responsibility verantwortung
training schulung
room raum zimmer
building gebaude
door tur
window fenster
car auto wagen
truck lkw lastwagen
driver fahrer
route strecke
stop halt haltestelle
parcel paket
shipping versand
box kiste karton
food lebensmittel essen
bread brot
cake kuchen torte
animal tier
water wasser
air luft
dust staub
noise larm gerausch
light licht
heating heizung
cooling kuhlung
sun sonne
rain regen
snow schnee
break pause
driver livreur chauffeur conducteur
delivery livraison
parcel colis paquet
pickup relais
warehouse entrepot
day jour
week semaine
month mois
year annee an
hour heure
rest pause repos
invoice facture
price prix
customer client
order commande
payment paiement
refund remboursement
error erreur
password motdepasse
user utilisateur
file fichier
delete supprimer
keep garder conserver
send envoyer
return retour
late retard
street rue
door porte
holiday vacances conges
strike greve
employee salarie employe
rule regle
forbidden interdit
backup sauvegarde
release livraison
day dia
week semana
month mes
invoice factura
customer cliente
order pedido
error fallo
password contrasena clave
user usuario
file archivo fichero
database datos
price precio
holiday vacaciones festivo
delivery entrega envio
warehouse almacen
server ーバ
user ーザ 利用
password スワ 暗証
database ータ
deploy ロイ 配備
error エラ 障害
test テス 試験
data ータ 情報
file ァイ
network ワー 通信
release リリ 公開
backup ップ
version ージ
outage 障害 停止
incident 障害 事故
maintenance 保守 点検
inspection 検査 点検
quality 品質
factory 製造
customer 顧客 客様
order 注文 発注
delivery 配送 納品 納期
deadline 期限 締切 納期
price 価格 料金
payment 支払
invoice 請求
contract 契約
holiday 休日 祝日 休暇
vacation 休暇
morning 午前
afternoon 午後
night 夜間 深夜
day 日付 毎日
week 毎週 週間
month 毎月 月次
year 年度 年次
hour 時間
minute 分間
limit 上限 制限
maximum 上限 最大
minimum 下限 最小
rule 規則 規約
permission 許可 権限
forbidden 禁止
required 必須 必要
change 変更
delete 削除
save 保存
send 送信
receive 受信
replace 交換
repair 修理
cause 原因
procedure 手順
reason 理由
decision 決定
meeting 会議
employee 社員 従業
manager 部長 管理
responsible 担当 責任
translation 翻訳
language 言語
name 名前 名称
number 番号
address 住所
phone 電話
screen 画面
device 機器 装置 端末
sensor セン
firmware ァー
voltage 電圧
current 電流
power 電源 電力
cold 低温 寒冷
heat 高温 加熱
heater ヒー
water 防水
housing 筐体
seal 防水
calibration 校正 較正
measurement 測定 計測
fixture 治具
shipping 出荷 発送
stock 在庫
warranty 保証
memory speicher arbeitsspeicher
leak leck
statement auszug
queue warteschlange
thread faden
branch zweig
certificate zertifikat
environment umgebung
settings einstellung
permission rechte
role rolle
workflow arbeitsablauf
interface schnittstelle
update aktualisierung aktualisieren
install installieren einrichten
setup einrichtung einrichten
example beispiel
overview ubersicht
summary zusammenfassung
copy kopie kopieren
move verschieben
rename umbenennen
upload hochladen
download herunterladen
empty leer
full voll
missing fehlend fehlt
wrong falsch
slow langsam
fast schnell
expensive teuer
cheap gunstig billig
old alt
safe sicher
public offentlich
internal intern
external extern
`
