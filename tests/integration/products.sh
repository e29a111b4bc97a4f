#!/bin/sh
# Products on the tree of a Windows server, through every command: found,
# asked, judged, planned, applied, taken back, switched off, and explained by
# the doctor.
. "${srcdir:-.}/tests/lib.sh"
need openssl

json=$builddir/tests/integration/json
golden=$srcdir/tests/golden
issue dma01.example.test DNS:dma01.example.test DNS:dms.example.test
issue cmp.example.test DNS:cmp.example.test
sums='find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum'

# fresh CASE: its tree as it was before
fresh()
{
	rm -rf root "$tmp/state"
	cp -R "$golden/$1/before" root
	chmod -R u+w root
	(cd root && eval "$sums") >before
}

# on COMMAND [ARGUMENT ...]: on that tree; its JSON is in out.
on()
{
	on_command=$1
	shift
	status=0
	"$HTTPS_SETUP" "$on_command" --root root --state-dir "$tmp/state" --json \
		"$@" >out 2>err </dev/null || status=$?
}

# with NAME COMMAND [ARGUMENT ...]: the same with that certificate
with()
{
	with_name=$1 with_command=$2
	shift 2
	on "$with_command" --name "$with_name" --ca "$certs/root.crt" \
		--cert "$certs/$with_name.chain.crt" \
		--key "$certs/$with_name.key" "$@"
}

# value PATH: what stands there in the last JSON, on one line
value()
{
	"$json" out "$1" | tr '\n' ' ' | sed 's/ $//'
}

# --- found ------------------------------------------------------------------
fresh dataminer/guide
on detect
is "detect: what is there" "dataminer generic" "$(value 'products.*.id')"
is "detect: where" "/Skyline DataMiner" "$("$json" out 'products.*.path' | head -n 1)"
like "detect: how it stands" "HTTPS is not configured" out
like "detect: the way to another agent" "SLNetService" out
is "detect: the firewall is that of Windows" windows "$(value 'firewalls.*.id')"
like "detect: who opens its ports" 'script that is run on Windows' out
fresh certero/guide
mv root/Windows root/windows
mv root/windows/System32 root/windows/SYSTEM32
on detect
is "detect: the same with names in another case" windows \
	"$(value 'firewalls.*.id')"
fresh certero/guide
on detect
is "detect: Certero" "certero generic" "$(value 'products.*.id')"
like "detect: its stage" 'has the bindings HTTP"' out
mkdir empty
exits "an empty tree" 0 "$HTTPS_SETUP" detect --root empty --json
is "has no product" generic "$("$json" out 'products.*.id')"

# --- questions and rules ----------------------------------------------------
exits "questions" 0 "$HTTPS_SETUP" questions --json
"$json" out 'questions.*.product' | sort | uniq -c >counts
for product in dataminer certero; do
	like "questions of $product" "[3-9] $product" counts
done
exits "rules" 0 "$HTTPS_SETUP" rules --json
for id in dataminer.name-shared dataminer.connection-uri \
	certero.endpoint-not-fqdn binding.skips-transition \
	name.failover-not-in-certificate live.dataminer-name; do
	like "rules: $id" "\"$id\"" out
done

# --- DataMiner --------------------------------------------------------------
fresh dataminer/guide
with dma01.example.test check --redirect
is "check" 0 "$status"
like "check: what blocks upgrades" '"dataminer.connection-uri"' out
like "check: and where" '/Skyline DataMiner/DMS.xml:7' out
like "check: clients that poll" '"dataminer.connection-settings"' out
unlike "check: HTTP does not stay open" '"dataminer.http-open"' out
with dma01.example.test check --redirect --dataminer-connection-uris grpc
unlike "check: converted, nothing blocks" '"dataminer.connection-uri"' out
with dma01.example.test check --dataminer-failover-names dms.example.test \
	--dataminer-failover-names 192.0.2.9
is "Failover: refused" 1 "$status"
like "Failover: the virtual address is not in it" \
	'"name.failover-not-in-certificate"' out
like "Failover: which" '192\.0\.2\.9' out
with dms.example.test check --cert "$certs/dma01.example.test.chain.crt" \
	--key "$certs/dma01.example.test.key" \
	--dataminer-failover-names dms.example.test
like "Failover: the shared name is not this agent's" \
	'"dataminer.name-shared"' out
with dms.example.test check --cert "$certs/dma01.example.test.chain.crt" \
	--key "$certs/dma01.example.test.key" \
	--dataminer-failover-names dms.example.test \
	--dataminer-name dma01.example.test
is "Failover: with its own name" 0 "$status"
like "Failover: the vendor's pages differ" '"dataminer.failover-documents"' out
with dma01.example.test plan --product generic
unlike "another product: its files stay" 'MaintenanceSettings' out
with dma01.example.test plan --bindings https
is "plan" 0 "$status"
"$json" out 'checklist.*.when' | uniq | tr '\n' ' ' >order
is "plan: what is done before and after" "before after " "$(cat order)"
is "plan: services are stopped and started" \
	"net stop SLDataMiner net stop SLNet net start SLNet net start SLDataMiner" \
	"$(value 'checklist.*.command.*')"
like "plan: connections between agents" 'SLNetClientTest' out
with dma01.example.test apply --yes --redirect
is "apply" "0 committed" "$status $(value state)"
like "apply: the tag" '<HTTPS enabled="true" name="dma01.example.test"/>' \
	"root/Skyline DataMiner/MaintenanceSettings.xml"
"$HTTPS_SETUP" detect --root root >text
like "detect: as text" 'HTTPS is on, the name is "dma01.example.test"' text
(cd root && eval "$sums") >first
with dma01.example.test apply --yes --redirect
(cd root && eval "$sums") >second
same "twice is once" first second
on rollback --yes
(cd root && eval "$sums") >after
same "rollback: every byte" before after
with dma01.example.test apply --yes
on disable --yes
is "disable" 0 "$status"
like "disable: the tag stays, switched off" \
	'<HTTPS enabled="false" name="dma01.example.test"/>' \
	"root/Skyline DataMiner/MaintenanceSettings.xml"

# who applies without looking at the plan is told all the same
fresh dataminer/guide
exits "apply as text" 0 "$HTTPS_SETUP" apply --root root \
	--state-dir "$tmp/state" --name dma01.example.test --ca "$certs/root.crt" \
	--cert "$certs/dma01.example.test.chain.crt" \
	--key "$certs/dma01.example.test.key" --yes
like "apply: what is left to do" 'start DataMiner again' out
like "apply: links in Visio drawings" 'Visio' out

# answers file, and what is not for this product
cat >answers.xml <<'END'
<https-setup schema="1">
  <product>dataminer</product>
  <dataminer>
    <name>dma01.example.test</name>
    <failover-names>dms.example.test</failover-names>
    <cloud>yes</cloud>
    <connection-uris>grpc</connection-uris>
  </dataminer>
</https-setup>
END
fresh dataminer/guide
with dma01.example.test plan --answers answers.xml
is "answers" 0 "$status"
like "answers: the redirect" 'https://10.4.2.93/APIGateway' out
sed -i 's/grpc/gprc/' answers.xml
with dma01.example.test plan --answers answers.xml
is "answers: a word that is none" 2 "$status"
like "answers: the nearest" 'did you mean .*grpc' out

# a password in DMS.xml is never shown
sed -i 's,via="http://10.4.2.93:8004/SLNetService",& user="u" pwd="s3cret-word",' \
	"root/Skyline DataMiner/DMS.xml"
with dma01.example.test plan --dataminer-connection-uris grpc
is "a password: planned" 0 "$status"
unlike "a password: not in the plan" 's3cret-word' out
like "a password: what changes is said" 'connections to 10.4.2.93 by https' out
with dma01.example.test apply --yes --dataminer-connection-uris grpc
like "a password: it stays in the file" 'pwd="s3cret-word"' \
	"root/Skyline DataMiner/DMS.xml"

# --- Certero ----------------------------------------------------------------
fresh certero/guide
with cmp.example.test check --bindings https
is "straight to HTTPS" 1 "$status"
like "straight to HTTPS: why" 'clients learn the new address over HTTP' out
with cmp.example.test plan --certero-endpoints before-8.4
like "before 8.4: its tool" 'Endpoint Server Configuration Tool' out
with cmp.example.test plan --certero-endpoints from-8.4
like "from 8.4: IIS Manager" 'site in IIS Manager' out
unlike "from 8.4: not the tool" 'Configuration Tool' out
like "Certero Provisioning: IIS Bindings" \
	'choose HTTP . HTTPS under IIS Bindings' out
like "Certero Provisioning: its own certificate" \
	'site of Certero Provisioning itself' out
like "the new address" 'open https://cmp.example.test/ and log in' out
with cmp.example.test apply --yes
is "HTTP + HTTPS" 0 "$status"
with cmp.example.test check --bindings https
is "the next run may go on" 0 "$status"
like "clients are asked for" '"certero.clients-not-updated"' out
with cmp.example.test apply --yes --bindings https --certero-clients-updated
is "HTTPS alone" 0 "$status"
unlike "nothing warns then" '"certero.clients-not-updated"' out
on rollback --yes
on rollback --yes
(cd root && eval "$sums") >after
same "both are taken back" before after
with cmp.example.test check --bindings https
is "what was taken back is forgotten" 1 "$status"

# --- a guide's common issue: nobody can log in ------------------------------
if ! command -v nginx >/dev/null; then
	skip "the doctor" "nginx is not installed"
	exit
fi
free_port http https
nginx_conf "$tmp/nginx.conf" <<END
server {
    listen 127.0.0.1:$https ssl;
    server_name dma01.example.test;
    ssl_certificate $certs/dma01.example.test.chain.crt;
    ssl_certificate_key $certs/dma01.example.test.key;
    location / { return 200 page; }
}
END
start_nginx "$tmp/nginx.conf"
tag=$(printf '<HTTPS enabled="true" name="old.example.test"/>')

# doctor TITLE ID: with the tree beside it, the finding, its cause and place
doctor()
{
	"$HTTPS_SETUP" doctor "https://dma01.example.test:$https/" --root root \
		--address 127.0.0.1 --ca "$certs/root.crt" --json >out 2>err || :
	like "doctor: $1" "\"$2\"" out
}

fresh dataminer/no-namespace
doctor "HTTPS is not in MaintenanceSettings.xml" live.dataminer-https
like "doctor: the cause" 'there is no HTTPS element' out
settings="root/Skyline DataMiner/MaintenanceSettings.xml"
sed -i "s,</MaintenanceSettings>,$tag\n&," "$settings"
doctor "the name in it is not served" live.dataminer-name
like "doctor: which name" 'its name \\"old.example.test\\"' out
like "doctor: the place" "/Skyline DataMiner/MaintenanceSettings.xml:$(
	grep -n 'old.example' "$settings" | cut -d: -f1)\"" out
like "doctor: what it means" 'Nobody can log in' out
sed -i 's/old\.example/dma01.example/' "$settings"
doctor "a look at it" findings
unlike "doctor: nothing of it" 'live\.dataminer' out
