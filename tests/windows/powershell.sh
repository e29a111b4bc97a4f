#!/bin/sh
# The scripts for Windows: constant, readable by their language's grammar,
# careful by construction, and every command of them documented.
. "${srcdir:-.}/tests/lib.sh"

scripts=$srcdir/share/windows
page=$scripts/README.md
all="$scripts/https-setup-apply.ps1 $scripts/https-setup-common.ps1
	$scripts/https-setup-undo.ps1"

nothing "they are ASCII, as old PowerShell reads them" \
	"$(LC_ALL=C grep -n '[^ -~	]' $all || :)"
for script in $all; do
	name=${script##*/}
	unlike "$name has nothing of a site" \
		'example\.(test|org|com)|[0-9A-Fa-f]{40}|C:\\' "$script"
	like "$name stops at the first error" \
		"ErrorActionPreference = 'Stop'|https-setup-common\.ps1" "$script"
done
for script in apply undo; do
	like "$script asks for its rights" '^#requires -RunAsAdministrator' \
		"$scripts/https-setup-$script.ps1"
	like "$script can run dry" 'SupportsShouldProcess' \
		"$scripts/https-setup-$script.ps1"
done

# TLS 1.3 is written behind the number of the build alone
is "TLS 1.3 stands in one place" 1 "$(cat $all | grep -c "TLS 1\.3.Server")"
like "behind the build of Server 2022" 'CurrentBuildNumber -lt 20348' \
	"$scripts/https-setup-apply.ps1"

# grammar CHECK FILE ...: what read.js finds
grammar()
{
	NODE_PATH=$packages node "$srcdir/tests/windows/read.js" "$@" 2>&1
}

packages=
for place in "$builddir" "$srcdir"; do
	[ ! -d "$place/npm-packages/node_modules/@vscode" ] ||
		packages=$place/npm-packages/node_modules
done
if [ -z "$packages" ] || ! command -v node >/dev/null; then
	skip "they parse as PowerShell" "the grammar was not fetched (npm)"
	exit 0
fi

nothing "they parse as PowerShell" "$(grammar parse $all)"
nothing "no command is built from text" "$(grammar evaluated $all)"
nothing "each effect is looked for, asked for and recorded first" \
	"$(grammar guarded $all)"
nothing "every command has its source in the page" "$(
	grammar commands $all | sed -e 's/^(Join-Path .*\\\(.*\)'"')"'$/\1/' \
		-e "s/^(Join-Path .*'\(.*\)')\$/\1/" |
	grep -v -e '^\$script:Undo' -e '^https-setup-' | while read -r command; do
		grep -Fq "\`$command" "$page" || echo "$command"
	done)"

# What the program writes: the scripts as they stand here, and data that their
# allow-list takes, whatever the names are.
issue -key rsa:2048 www.example.test DNS:www.example.test \
	DNS:dma01.skyline.local DNS:gis.example.test
# writes CASE NAME [OPTION ...]: a golden case, applied
writes()
{
	writes_case=$1 writes_name=$2
	shift 2
	rm -rf root state
	cp -R "$srcdir/tests/golden/$writes_case/before" root
	chmod -R u+w root
	exits "$writes_case: apply" 0 "$HTTPS_SETUP" apply --yes --root root \
		--state-dir "$tmp/state" --ca "$certs/root.crt" \
		--cert "$certs/www.example.test.chain.crt" \
		--key "$certs/www.example.test.key" --name "$writes_name" "$@"
	folder=root/Windows/System32/inetsrv/config/https-setup/$writes_name
	nothing "$writes_case: the data pass the allow-list" "$(grammar data \
		"$scripts/https-setup-common.ps1" "$folder/https-setup.json")"
	for script in $all; do
		tr -d '\r' <"$folder/${script##*/}" >written.ps1
		same "$writes_case: ${script##*/} is constant" "$script" \
			written.ps1
	done
}
writes dataminer/guide dma01.skyline.local
writes iis/ipv6 www.example.test --address ::1
writes iis/hostile-name www.example.test --site \
	'A & B"<>'"'"'`id`$(id)’'
writes arcgis/guide gis.example.test --https-port 8443

# The tests themselves can fail.
sed 's/^# --- Firewall.*/function Broken { param([string] $A) if (/' \
	"$scripts/https-setup-apply.ps1" >broken.ps1
check "a script that does not parse is found" test -n "$(grammar parse broken.ps1)"
sed 's/& (Join-Path $script:System32 .netsh.exe.)/\& $Text/' \
	"$scripts/https-setup-common.ps1" >broken.ps1
check "a command from text is found" test -n "$(grammar evaluated broken.ps1)"
sed 's/Get-NetFirewallRule -Name $name.*/$null/' \
	"$scripts/https-setup-apply.ps1" >broken.ps1
check "an effect without a look is found" test -n \
	"$(grammar guarded broken.ps1 "$scripts/https-setup-common.ps1")"
sed 's/"ipport"/"; calc"/' "$folder/https-setup.json" >broken.json
check "data that are not allowed are found" test -n \
	"$(grammar data "$scripts/https-setup-common.ps1" broken.json)"
