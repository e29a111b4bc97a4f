#!/bin/sh
# One catalogue, four ways to answer it: flags, an answers file, the plain face
# and the wizard come to the same plan, byte for byte, and do the same to the
# same tree.  The catalogue says what there is to answer: a question that no
# round here answers, or that one of the ways cannot answer, fails.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/ways.sh"
need openssl
[ -x "$builddir/tests/screens/play" ] || skip_all "libvterm is not installed"

golden=$srcdir/tests/golden
for name in www.example.test dma01.example.test app01.example.test \
	ns.example.test gis.example.test; do
	issue -key rsa:2048 "$name" "DNS:$name" DNS:example.test
done
make_p12 ns.example.test secret
key_of()
{
	cat <<-END
	certificate.file $certs/$1.crt
	certificate.key $certs/$1.key
	certificate.chain $certs/intermediate.crt
	END
}

# A tree where both nginx and IIS are, with two products: each of the choices
# is one.
several()
{
	tree_from dataminer/guide
	cp -R "$golden/certero/guide/before/Program Files" root/ 2>/dev/null || :
	mkdir -p root/etc/nginx root/srv
	cat >root/etc/nginx/other.conf <<-'END'
	events {}
	http {
		server {
			listen 80;
			listen 8080;
			server_name www.example.test example.test;
			root /srv;
		}
		server {
			listen 8080;
			server_name wiki.example.test;
			root /srv;
		}
	}
	END
	cp root/etc/nginx/other.conf root/etc/nginx/nginx.conf
}
several
round "nginx" <<END
server nginx
server-config /etc/nginx/other.conf
server-binary /opt/nginx/nginx
site www.example.test
product generic
$(key_of www.example.test)
name example.test
bindings.http-port 8080
bindings.https-port 8443
bindings.address 192.0.2.1,2001:db8::1
bindings.host-name example.test
tls.profile modern
redirect.enabled yes
redirect.code 307
redirect.skip-localhost no
hsts.enabled yes
hsts.max-age 63072000
hsts.include-subdomains yes
hsts.preload yes
firewall.backend none
apply.confirm-within 60
END

several
round "self-signed" <<END
server nginx
product generic
certificate.self-signed yes
name www.example.test
END

tree_from dataminer/guide
round "DataMiner" <<END
$(key_of dma01.example.test)
iis.version 2016-or-older
iis.require-ssl yes
iis.pfx compatible
firewall.backend windows
dataminer.name dma01.example.test
dataminer.failover-names example.test
dataminer.cloud yes
dataminer.connection-uris grpc
END

tree_from certero/guide
round "Certero" <<END
$(key_of app01.example.test)
iis.version 2019-or-newer
redirect.enabled yes
hsts.enabled yes
certero.endpoints from-8.4
certero.endpoint-servers ep01.example.test,ep02.example.test
certero.clients-updated yes
END

tree_from itms/guide
round "ITMS" <<END
certificate.file $certs/ns.example.test.p12
certificate.passphrase secret
bindings.mode https
iis.pfx modern
firewall.backend windows
firewall.close-http yes
itms.require-https no
itms.site-servers ps01.example.test,ps02.example.test
END

tree_from arcgis/guide
round "ArcGIS Server" <<END
$(key_of gis.example.test)
bindings.https-port 8443
iis.require-ssl-for ArcGIS/rest
arcgis.instance C:\inetpub\wwwroot\ArcGIS
END
finish
