#!/bin/sh
# Memory runs out at one allocation after the other: the program ends with a
# status and a sentence, never with a signal, never with another answer than
# the true one, and leaves no half of a file behind.  A sample of the places
# that allocate; memory-sweep.sh takes each.
. "${srcdir:-.}/tests/lib.sh"
need openssl
hook=$builddir/tests/faults/exhaust.so
env LD_PRELOAD="$hook" EXHAUST_COUNT=tried env true 2>/dev/null || :
[ -s tried ] || skip_all "nothing can be preloaded here"
sample=${SAMPLE:-40}
jobs=$(nproc)

issue www.example.test DNS:www.example.test
cat "$certs/www.example.test.chain.crt" "$certs/www.example.test.key" >site.pem
cert_tool pkcs12 -export -passout pass:s3cret -iter 10 \
	-inkey "$certs/www.example.test.key" -in "$certs/www.example.test.crt" \
	-certfile "$certs/intermediate.crt" -out site.p12
chmod 600 site.pem site.p12
(umask 077 && echo s3cret >pass)
mkdir tree
echo 'events {} http { server { listen 80; server_name www.example.test; } }' \
	>tree/nginx.conf

# A second later they are valid for a day less, and so all the time.
issued=$(date +%s)
later()
{
	[ "$(date +%s)" -gt "$issued" ]
}
wait_until later

# run VARIABLE COMMAND ...: without anybody to ask; it writes into made/.
run()
{
	run_variable=$1
	shift
	rm -rf made
	status=0
	env LD_PRELOAD="$hook" "$run_variable" "$HTTPS_SETUP" "$@" \
		>out 2>err </dev/null || status=$?
}

# A certificate that was written has its key, and each is whole.
is_whole()
{
	[ -e made/privkey.pem ] || [ -e made/fullchain.pem ] || return 0
	openssl pkey -in made/privkey.pem -noout >/dev/null 2>&1 &&
		openssl x509 -in made/fullchain.pem -noout >/dev/null 2>&1
}

# The answer is the true one, but for where it was asked.
is_true()
{
	sed "s|$PWD/|$tmp/|" out | cmp -s ../wanted -
}

# The loader does not always say that it was memory that it lacked.
unopened="^https-setup: lib[a-z0-9.]+ cannot be opened: "

# judge NUMBER: what became of the run in which this allocation failed.
judge()
{
	case $status in
	"$wanted") [ -n "$random" ] || is_true || odd="$odd $1:other" ;;
	1 | 3) grep -Eq "memory|parsed safely|$unopened" out err ||
		odd="$odd $1:mute" ;;
	*) odd="$odd $1:$status" ;;
	esac
	is_whole || odd="$odd $1:half"
	if [ -e made/copy ] && ! cmp -s made/copy ../copy; then
		odd="$odd $1:torn"
	fi
}

# chosen: the numbers of the allocations that fail: the first from each place
# of the program, or some of them; EVERY=yes: each there is.
chosen()
{
	if [ -n "${EVERY-}" ]; then
		seq "$count"
	else
		sort -n places | awk -v most="$sample" '{ all[NR] = $1 } END {
			step = most ? int(NR / most) + 1 : 1
			for (i = 1; i <= NR; i += step)
				print all[i]
		}'
	fi
}

# walk PART COMMAND ...: at each of that part's allocations, in a directory of
# its own; prints what was odd.
walk()
{
	part=$1 odd=
	shift
	mkdir "walk$part"
	cd "walk$part"
	awk -v jobs="$jobs" -v part="$part" 'NR % jobs == part - 1' \
		../chosen >mine
	while read -r at; do
		run "EXHAUST_AT=$at" "$@"
		judge "$at"
	done <mine
	echo "$odd"
}

# exhausted NAME COMMAND ...: at the chosen allocations of the command, by as
# many walkers as there are processors.
exhausted()
{
	name=$1 walkers=
	shift
	EXHAUST_PLACES=places
	export EXHAUST_PLACES
	run EXHAUST_COUNT=count "$@"
	unset EXHAUST_PLACES
	count=$(cat count) wanted=$status
	mv out wanted
	[ ! -e made/copy ] || cp made/copy copy
	chosen >chosen
	for part in $(seq "$jobs"); do
		walk "$part" "$@" >"odd$part" &
		walkers="$walkers $!"
	done
	for walker in $walkers; do
		wait "$walker" || fail "$name" "a walker fell"
	done
	nothing "$name: $(wc -l <chosen) of $count allocations" \
		"$(cat odd* | tr -d '\n')"
	rm -rf odd* walk*
}

random=
exhausted "cert show, PEM" cert show "$tmp/site.pem" --ca "$certs/root.crt"
exhausted "cert show, PKCS#12, JSON" cert show --json "$tmp/site.p12" \
	--passphrase-file "$tmp/pass"
exhausted "check" check --root "$tmp/tree" --server nginx \
	--server-config /nginx.conf --cert "$tmp/site.pem" \
	--name www.example.test --ca "$certs/root.crt"
exhausted "cert export" cert export "$tmp/site.pem" --format pem-with-key \
	--out made/copy
random=yes
exhausted "cert self-sign" cert self-sign --name www.example.test --out made
