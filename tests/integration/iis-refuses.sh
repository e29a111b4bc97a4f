#!/bin/sh
# Bad input in the tree of a Windows server: each case has its finding, in
# check, plan and apply alike, and not a byte of the tree changes.
. "${srcdir:-.}/tests/lib.sh"
need openssl awk

json=$builddir/tests/integration/json
inetsrv=Windows/System32/inetsrv
good=$srcdir/tests/golden/iis/default-site/before
issue www.example.test

# fresh: the tree of a healthy server; $config is its file.
fresh()
{
	chmod -R u+rwX root 2>/dev/null || :
	rm -rf root state
	cp -R "$good" root
	chmod -R u+rwX root
	config=root/$inetsrv/config/applicationHost.config
}

tree()
{
	(cd root && find . -type d | LC_ALL=C sort &&
		find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum)
}

work()
{
	work_command=$1
	shift
	"$HTTPS_SETUP" "$work_command" --root root --state-dir state \
		--name www.example.test --ca "$certs/root.crt" \
		--cert "$certs/www.example.test.chain.crt" \
		--key "$certs/www.example.test.key" "$@" </dev/null
}

# refused NAME ID [FLAG ...]
refused()
{
	refused_name=$1 refused_id=$2
	shift 2
	tree >before
	for refused_by in check plan 'apply --yes'; do
		exits "$refused_name: $refused_by" 1 work $refused_by --json "$@"
		"$json" out 'findings.*.id' >ids || :
		check "$refused_name: $refused_by says $refused_id" \
			grep -qx "$refused_id" ids
	done
	tree >after
	same "$refused_name: the tree is as it was" before after
}

# file NAME ID: the configuration is what stands on standard input.
file()
{
	fresh
	cat >"$config"
	refused "$@"
}

# edited NAME ID SED-SCRIPT [FLAG ...]: the healthy one, edited.
edited()
{
	edited_name=$1 edited_id=$2 edited_by=$3
	shift 3
	fresh
	sed "$edited_by" "$good/$inetsrv/config/applicationHost.config" \
		>"$config"
	refused "$edited_name" "$edited_id" "$@"
}

# --- what is no configuration of IIS ----------------------------------------
file "a fragment" server.unsupported-syntax <<'END'
<site name="Default Web Site" id="1">
    <bindings>
        <binding protocol="http" bindingInformation="*:80:" />
    </bindings>
</site>
END
file "the file of another product" server.unsupported-syntax <<'END'
<?xml version="1.0"?>
<Server port="8005"><Service name="Catalina" /></Server>
END
file "a web.config" server.unsupported-syntax <<'END'
<configuration><system.webServer /></configuration>
END
file "an empty file" server.config-broken </dev/null
file "two roots" server.config-broken <<'END'
<configuration /><configuration />
END
fresh
head -c 900 "$good/$inetsrv/config/applicationHost.config" >"$config"
refused "a file cut off" server.config-broken
fresh
{ cat "$good/$inetsrv/config/applicationHost.config"; printf '\0'; } >"$config"
refused "a NUL byte" server.config-broken
edited "a tag that is not closed" server.config-broken 's,</sites>,,'
for encoding in UTF-16LE UTF-16BE; do
	if command -v iconv >/dev/null; then
		fresh
		{
			printf '\357\273\277'
			cat "$good/$inetsrv/config/applicationHost.config"
		} | iconv -f UTF-8 -t $encoding >"$config"
		refused $encoding server.unsupported-syntax
	else
		skip $encoding "iconv is not installed"
	fi
done

# --- what eats parsers ------------------------------------------------------
file "a DOCTYPE" server.unsupported-syntax <<'END'
<!DOCTYPE configuration><configuration />
END
file "an external entity" server.unsupported-syntax <<'END'
<!DOCTYPE configuration [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<configuration>&x;</configuration>
END
file "a parameter entity" server.unsupported-syntax <<'END'
<!DOCTYPE configuration [<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;]>
<configuration />
END
file "entities that multiply" server.unsupported-syntax <<'END'
<!DOCTYPE configuration [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;">]>
<configuration>&d;&d;&d;&d;</configuration>
END
awk 'BEGIN {
	for (i = 0; i < 300; i++) printf "<a>"
	for (i = 0; i < 300; i++) printf "</a>" }' >deep
file "300 levels" server.unsupported-syntax <deep
awk 'BEGIN { printf "<configuration"
	for (i = 0; i < 30000; i++) printf " a%d=\"\"", i
	print "/>" }' >broad
file "30000 attributes" server.unsupported-syntax <broad

# --- what IIS itself would refuse -------------------------------------------
edited "flags in words" server.unsupported-syntax \
	's,"\*:80:" />,"*:80:" sslFlags="Sni" />,'
edited "one name, in two cases" server.config-broken \
	's,<siteDefaults>,<site name="DEFAULT web site" id="2" /><siteDefaults>,'
edited "one id" server.config-broken \
	's,<siteDefaults>,<site name="Other" id="1" /><siteDefaults>,'
edited "a site without a name" server.config-broken \
	's,<siteDefaults>,<site id="9" /><siteDefaults>,'

# --- what would answer beside it --------------------------------------------
fresh
cp "$srcdir/tests/golden/iis/foreign-redirect/before/inetpub/wwwroot/web.config" \
	root/inetpub/wwwroot/
awk '/<siteDefaults>/ {
	for (i = 2; i < 300; i++) {
		printf "<site name=\"Site %d\" id=\"%d\">", i, i
		print "<bindings /></site>"
	} }
	{ print }' "$config" >many
cp many "$config"
tree >before
exits "the redirect of somebody else, among many sites" 1 work apply --yes \
	--redirect --site 'Default Web Site'
like "it is found when it is planned" 'redirect.double' err
tree >after
same "nothing is written" before after

# --- the wrong place --------------------------------------------------------
fresh
mkdir -p root/Windows/SysWOW64/inetsrv/config
cp "$config" root/Windows/SysWOW64/inetsrv/config/
refused "the copy that 32-bit programs see" server.unused-copy \
	--server-config /Windows/SysWOW64/inetsrv/config/applicationHost.config
refused "the same, as Windows writes it" server.unused-copy \
	--server-config 'c:\windows\syswow64\INETSRV\config\applicationHost.config'
fresh
refused "no such file" server.not-found --server-config /nowhere.config
refused "no such site" server.no-site --site 'No "Such" $(site)'
rm -rf root/inetpub
refused "a site whose folder is missing" server.outside-tree --redirect
fresh
printf '<configuration>' >root/inetpub/wwwroot/web.config
refused "a broken web.config" server.config-broken --redirect
printf '<web-app />' >root/inetpub/wwwroot/web.config
refused "a web.config of something else" server.unsupported-syntax --redirect
printf '<!DOCTYPE a><configuration />' >root/inetpub/wwwroot/web.config
refused "a web.config with a DOCTYPE" server.unsupported-syntax --redirect
printf '<configuration />' >root/inetpub/wwwroot/web.config
cp root/inetpub/wwwroot/web.config root/inetpub/wwwroot/WEB.Config
mv root/inetpub/wwwroot/web.config root/inetpub/wwwroot/Web.config
refused "two web.config that differ in case" server.outside-tree --redirect

# --- values that would be something else ------------------------------------
fresh
while read -r value; do
	refused "the name $value" name.invalid --name "$value"
done <<'END'
a"b.test
a'b.test
a‘b.test
$(id).test
`id`.test
a&b.test
<a>.test
END
exits "an address that is none" 2 work plan --address '1.2.3.4:443:" x="'
exits "a code that URL Rewrite has not" 1 work plan --redirect \
	--redirect-code 308
like "says so" 'redirect.code' err

# --- names of every kind are only ever data ---------------------------------
fresh
sed 's,name="Default Web Site",name="A\&#10;B \&quot;'"'"'‘’‚‛`id`$(id)\&lt;\&amp;",' \
	"$good/$inetsrv/config/applicationHost.config" >"$config"
cp "$config" kept
exits "a name with a newline and every quote" 0 work apply --yes \
	--iis-require-ssl
like "it is escaped once" \
	'location path="A&#10;B &quot;'"'"'‘’‚‛`id`\$\(id\)&lt;&amp;"' "$config"
exits "again" 0 work apply --yes --iis-require-ssl
like "it is found again" 'nothing to do' out
exits "back" 0 "$HTTPS_SETUP" rollback --root root --state-dir state --yes
same "to the byte" kept "$config"

# --- a file changed between the preview and yes -----------------------------
fresh
mkfifo keys
: >face
"$HTTPS_SETUP" --plain --root root --state-dir state \
	--name www.example.test --ca "$certs/root.crt" \
	--cert "$certs/www.example.test.chain.crt" \
	--key "$certs/www.example.test.key" <keys >face 2>face.err &
face_pid=$!
exec 4>keys
# prompts: did it say more than before, and does it wait for an answer?
prompts()
{
	[ "$(wc -c <face)" -gt "$said" ] && [ "$(tail -c 2 face)" = ': ' ]
}
asked()
{
	grep -q 'Apply this' face
}
said=0
wait_until prompts
until asked; do
	said=$(wc -c <face)
	echo >&4
	wait_until prompts || break
done
check "the plan is shown" asked
printf '<!-- somebody was here -->\r\n' >>"$config"
tree >before
echo yes >&4
exec 4>&-
wait $face_pid || :
cat face face.err >both
like "it is noticed" 'changed by somebody else|changed meanwhile|changed-on-disk' both
tree >after
same "what somebody did stays" before after

# --- a tree that cannot be written ------------------------------------------
fresh
tree >before
if [ "$(id -u)" != 0 ]; then
	chmod a-w "root/$inetsrv/config" "$config"
	exits "a folder that cannot be written" 3 work apply --yes
	chmod u+w "root/$inetsrv/config"
elif unshare -m true 2>/dev/null; then
	cat >read-only <<-'END'
	mount --bind root root && mount -o remount,ro,bind root root || exit 77
	shift 0
	exec "$@"
	END
	exits "a read-only mount" 3 unshare -m sh read-only "$HTTPS_SETUP" \
		apply --yes --root root --state-dir state \
		--name www.example.test --ca "$certs/root.crt" \
		--cert "$certs/www.example.test.chain.crt" \
		--key "$certs/www.example.test.key"
else
	skip "a read-only mount" "mounting is not allowed here"
fi
tree >after
same "nothing was written there" before after
