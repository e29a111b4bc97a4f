#!/bin/sh
# The guides of ArcGIS Server 9.3 and of ITMS, walked step by step in the
# wizard: afterwards the files are those the guide describes.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/guide.sh"
need openssl
[ -x "$builddir/tests/screens/play" ] || skip_all "libvterm is not installed"

issue -key rsa:2048 gis.example.test DNS:gis.example.test
issue -key rsa:2048 ns.example.test DNS:ns.example.test
openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=gis.example.test \
	-addext subjectAltName=DNS:gis.example.test \
	-addext basicConstraints=critical,CA:FALSE \
	-keyout self.key -out self.crt 2>/dev/null
(umask 077 && cat self.crt self.key >self.pem)

apply="keys <Tab><Tab><Enter>
expect [ Finish ]
keys <Enter>
exit 0"

# --- ArcGIS Server: Setting up SSL -------------------------------------------
tree_of arcgis/guide
session "the ArcGIS guide" -s 100x40 <<END
# the instance below the site is found
expect (o) ArcGIS Server
expect Default Web Site
keys <C-n>
expect Certificate file
keys $tmp/self.pem<Tab>
expect self-signed
# "adequate for development and testing", with a warning
keys <C-n>
expect (o) gis.example.test
keys <C-n>
# "If a non-default port is set on the Web server"
expect HTTPS port
keys <Tab><C-u>8443<Tab>
expect *:8443
keys <C-n>
# "Requiring the use of HTTPS" for an application
expect Require SSL only for
keys <Tab><Tab><Tab><Tab>ArcGIS/rest<S-Tab>
# "they are not automatically redirected to the HTTPS URL"
expect end in an error
keys <C-n>
expect Firewall
keys <C-n>
expect SSL port 443
keys <C-n>
# "update ArcGIS Server with the new port number"
expect from 443 to 8443
expect /inetpub/wwwroot/ArcGIS/Security/web.config
$apply
END
has "ArcGIS: the port in its web.config" \
	root/inetpub/wwwroot/ArcGIS/Security/web.config \
	'<add key="SSLPort" value="8443" />'
has "ArcGIS: the same port in IIS" "$hosts" \
	'<binding protocol="https" bindingInformation="*:8443:" />'
has "ArcGIS: the application" "$hosts" \
	'<location path="Default Web Site/ArcGIS/rest">'
has "ArcGIS: requires SSL" "$hosts" '<access sslFlags="Ssl" />'
scripts=$config/https-setup/gis.example.test
openssl x509 -in self.crt -outform DER -out self.der
check "ArcGIS: the certificate for clients is DER, without its key" \
	cmp self.der "$scripts/https-setup.cer"
check "ArcGIS: rollback" "$HTTPS_SETUP" rollback --yes --root root \
	--state-dir "$tmp/state"
check "ArcGIS: restores every byte" diff -r root \
	"$srcdir/tests/golden/arcgis/guide/before"

# plan OPTION ...: what is asked of people is part of it
plan()
{
	"$HTTPS_SETUP" plan --root root --state-dir "$tmp/state" "$@" \
		</dev/null >plan.out 2>&1 || :
	tr '\n' ' ' <plan.out | tr -s ' ' >plan.line
}

plan --product arcgis --name gis.example.test --cert "$tmp/self.pem" \
	--https-port 8443
like "ArcGIS: the security wizard is gone through again" \
	'Security > Settings, choose Configure' plan.line
like "ArcGIS: clients import it" 'My user account' plan.line
like "ArcGIS: web servers import it for the computer" 'Computer account' \
	plan.line
like "ArcGIS: the keytool line for Java" 'keytool -importcert' plan.line
like "ArcGIS: for tests alone" 'arcgis.self-signed' plan.line
tree_of arcgis/newer
plan --product arcgis --name gis.example.test --ca "$certs/root.crt" \
	--cert "$certs/gis.example.test.chain.crt" \
	--key "$certs/gis.example.test.key"
like "ArcGIS 10.1: another product" 'arcgis.other-product' plan.line
like "ArcGIS 10.1: what to do there" 'HTTP_AND_HTTPS' plan.line

# --- ITMS: How to run ITMS on HTTPS ------------------------------------------
tree_of itms/guide
session "the ITMS guide: after the installation" -s 100x40 <<END
expect (o) IT Management Suite
keys <C-n>
expect Certificate file
keys $certs/ns.example.test.chain.crt<Tab><Tab>$certs/ns.example.test.key<Tab>
expect the key fits the certificate
keys <C-n>
# "matches the Notification Server computer Fully Qualified Domain Name"
expect (o) ns.example.test
keys <C-n>
expect *:443
keys <C-n>
expect Require SSL
keys <C-n>
expect Firewall
keys <C-n>
# "Site servers (package server, task server, and so on)"
expect this is the Notification Server
expect Site servers
keys <Tab><Tab>ps01<Tab>
expect no fully qualified name
keys <S-Tab><S-Tab><C-u>ps01.example.test<Tab>
gone no fully qualified name
keys <C-n>
expect By you, before
$apply
END
has "ITMS: the binding" "$hosts" \
	'<binding protocol="https" bindingInformation="*:443:" />'
unlike "ITMS: nothing is required before agents know" 'sslFlags="Ssl"' "$hosts"
scripts=$config/https-setup/ns.example.test
check "ITMS: the certificate is a .pfx" openssl pkcs12 -info -noout -passin \
	"file:$scripts/https-setup.passphrase" -in "$scripts/https-setup.pfx"
session "the ITMS guide: HTTPS alone" -s 100x40 <<END
expect (o) IT Management Suite
keys <C-n>
expect Certificate file
keys $certs/ns.example.test.chain.crt<Tab><Tab>$certs/ns.example.test.key<Tab>
expect the key fits the certificate
keys <C-n>
expect (o) ns.example.test
keys <C-n>
keys <Up><Space>
expect taken away
keys <C-n>
expect Require SSL
keys <C-n>
expect Firewall
keys <C-n>
expect Require HTTPS
keys <C-n>
expect By you, before
$apply
END
has "ITMS: the platform requires it" "$hosts" \
	'<location path="Default Web Site/Altiris">'
check "ITMS: HTTP is gone" sh -c '! grep -q "\"\*:80:\"" "$1"' _ "$hosts"

tree_of itms/guide
plan --name ns.example.test --ca "$certs/root.crt" \
	--cert "$certs/ns.example.test.chain.crt" \
	--key "$certs/ns.example.test.key" \
	--itms-site-servers ps01.example.test
like "ITMS: an own CA is told apart" 'from a CA of your own' plan.line
like "ITMS: it is installed everywhere first" \
	'root certificate of your own CA into Trusted Root' plan.line
like "ITMS: agents are told" 'Targeted Agent Settings' plan.line
like "ITMS: package servers" 'HTTPS codebases' plan.line
like "ITMS: site servers" 'on the site server ps01.example.test' plan.line

# Its table of requirements, row by row
# refuses ID NAME KEY ...: a certificate made so is refused by this finding
refuses()
{
	refuses_id=$1
	shift
	issue "$@"
	plan --name ns.example.test --product itms --ca "$certs/root.crt" \
		--cert "$certs/odd.chain.crt" --key "$certs/odd.key"
	like "ITMS: $refuses_id" "\\[$refuses_id\\]" plan.out
}
refuses cert.key-type -key ec odd DNS:ns.example.test
refuses name.not-in-certificate -key rsa:2048 odd DNS:other.example.test
refuses cert.no-server-auth -key rsa:2048 -eku clientAuth odd DNS:ns.example.test
refuses itms.hash -key rsa:2048 -md sha224 odd DNS:ns.example.test
soon=$(date -u -d "@$(($(date +%s) + 29 * 86400))" +%Y%m%d%H%M%SZ 2>/dev/null)
refuses cert.expires-soon -key rsa:2048 -valid 20200101000000Z "$soon" odd \
	DNS:ns.example.test
plan --name ns.example.test --product itms \
	--cert "$certs/ns.example.test.chain.crt" \
	--key "$certs/ns.example.test.key"
like "ITMS: cert.chain-untrusted" '\[cert.chain-untrusted\]' plan.out
