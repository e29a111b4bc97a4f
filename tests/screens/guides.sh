#!/bin/sh
# The vendors' guides, walked step by step in the wizard on the tree of a
# Windows server: afterwards the files are those the guide describes.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/guide.sh"
need openssl
[ -x "$builddir/tests/screens/play" ] || skip_all "libvterm is not installed"

issue dma01.skyline.local DNS:dma01.skyline.local DNS:dms.skyline.local \
	IP:10.4.2.92
issue cmp.example.test DNS:cmp.example.test

agent="root/Skyline DataMiner"

# --- DataMiner: Setting up HTTPS on a DMA -----------------------------------
tree_of dataminer/guide
session "the DataMiner guide" -s 100x40 <<END
# the agent on the drive is found, and chosen
expect (o) Skyline DataMiner
expect Default Web Site
keys <C-n>
# "Browse to your certificate, and click OK."
expect Certificate file
keys $certs/dma01.skyline.local.chain.crt<Tab><Tab>$certs/dma01.skyline.local.key<Tab>
expect the key fits the certificate
keys <C-n>
# "one of the Subject Alternative Names (SAN) of the certificate"
expect (o) dma01.skyline.local
keys <C-n>
# "add an HTTPS binding": *:443 for every name and address
expect *:443
keys <C-n>
# "Configuring HTTP to HTTPS redirection": 302, localhost is skipped
expect Send visitors to HTTPS
keys <Space>
expect (o) 302
expect [x] Leave localhost on HTTP
# "enable HSTS": IncludeSubDomains, Max-Age 31536000; preload is optional
keys <Tab><Tab><Tab><Space>
expect 31536000
keys <Tab><Tab><Space>
expect [x] Also for its sub-domains
expect Version of Windows
keys <Tab><Tab><Down><Down><Space>
keys <C-n>
# "Allow inbound TCP port 443 through the Windows Firewall."
expect Firewall
keys <C-n>
# MaintenanceSettings.xml and the connections between agents
expect HTTPS is not configured
expect http://10.4.2.93:8004/SLNetService
expect Failover names
expect Connected to dataminer.services
expect Connections between agents
keys <C-n>
# "Stop the DataMiner software.", before and after what is done here
expect By you, before
expect stop DataMiner on this agent
keys <Tab><Tab><Enter>
expect [ Finish ]
keys <Enter>
exit 0
restored
END
has "the binding in IIS" "$hosts" \
	'<binding protocol="https" bindingInformation="*:443:" />'
has "HTTP stays for the redirect" "$hosts" \
	'<binding protocol="http" bindingInformation="*:80:" />'
has "HSTS" "$hosts" \
	'<hsts enabled="true" max-age="31536000" includeSubDomains="true" />'
has "the HTTPS tag" "$agent/MaintenanceSettings.xml" \
	'<HTTPS enabled="true" name="dma01.skyline.local"/>'
rules="$agent/Webpages/web.config"
has "the pattern" "$rules" '<match url="(.*)" />'
has "its condition" "$rules" '<add input="{HTTPS}" pattern="off" />'
has "localhost is skipped" "$rules" \
	'<add input="{HTTP_HOST}" pattern="^localhost(:\d+)?$" negate="true" />'
has "the redirect URL and type" "$rules" \
	'<action type="Redirect" url="https://dma01.skyline.local/{R:1}" redirectType="Found" />'
is "it is the first rule" 'name="HTTP to HTTPS"' \
	"$(grep -o 'name="[^"]*"' "$rules" | head -n 1)"
scripts=$config/https-setup/dma01.skyline.local
check "the certificate waits for its import" test -s "$scripts/https-setup.pfx"
like "port 443 is opened there" '443' "$scripts/https-setup.json"
like "the agent is stopped and started there" '"SLDataMiner"' \
	"$scripts/https-setup.json"
check "the rest is as it was" cmp "$agent/DMS.xml" \
	"$srcdir/tests/golden/dataminer/guide/before/Skyline DataMiner/DMS.xml"
check "rollback" "$HTTPS_SETUP" rollback --yes --root root --state-dir "$tmp/state"
check "restores every byte" diff -r root \
	"$srcdir/tests/golden/dataminer/guide/before"

# --- Certero: How to configure Certero to use HTTPS --------------------------
tree_of certero/guide
to_bindings="expect (o) Certero Management Platform
expect Certero CMP
keys <C-n>
expect Certificate file
keys $certs/cmp.example.test.chain.crt<Tab><Tab>$certs/cmp.example.test.key<Tab>
expect the key fits the certificate
keys <C-n>
expect (o) cmp.example.test
keys <C-n>
expect HTTP and HTTPS"
session "the Certero guide: HTTP straight to HTTPS is refused" -s 100x40 <<END
$to_bindings
# why is said before it is chosen
expect they would be cut off
keys <Up><Space>
expect clients learn the new address over HTTP
keys <C-n>
expect HTTPS port
unseen Send visitors to HTTPS
keys <F10>
expect Quit
keys <Right><Enter>
exit 3
END
session "the Certero guide: HTTP + HTTPS" -s 100x40 <<END
$to_bindings
keys <C-n>
expect Send visitors to HTTPS
keys <C-n>
expect Firewall
keys <C-n>
expect has the bindings HTTP
expect Stand-alone Endpoint Servers
keys <Tab><Down><Space><Tab>ep01<Tab>
expect no fully qualified name
keys <S-Tab><C-u>ep01.example.test<Tab>
gone no fully qualified name
keys <C-n>
expect By you, before
expect Hostname is cmp.example.test
keys <Tab><Tab><Enter>
expect [ Finish ]
keys <Enter>
exit 0
END
has "Certero: both bindings" "$hosts" \
	'<binding protocol="https" bindingInformation="*:443:" />'
has "Certero: HTTP is left for the clients" "$hosts" \
	'<binding protocol="http" bindingInformation="*:80:" />'
session "the Certero guide: HTTPS, in the next run" -s 100x40 <<END
$to_bindings
keys <Up><Space>
expect taken away
unseen clients learn the new address over HTTP
keys <C-n>
expect Send visitors to HTTPS
keys <C-n>
expect Firewall
keys <C-n>
expect has the bindings HTTP + HTTPS
expect Every client knows HTTPS
keys <Tab><Tab><Tab><Space>
expect [x] Every client
keys <C-n>
expect site has HTTP + HTTPS now, and will have HTTPS
keys <Tab><Tab><Enter>
expect [ Finish ]
keys <Enter>
exit 0
END
check "Certero: HTTP is gone" sh -c '! grep -q "\"\*:80:\"" "$1"' _ "$hosts"
check "Certero: nothing of its own was touched" diff -r "root/Program Files" \
	"$srcdir/tests/golden/certero/guide/before/Program Files"
