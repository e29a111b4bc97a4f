#!/bin/sh
# What somebody hears who sees no screen: each flow of the plain face from top
# to bottom, as a transcript that was read before it was kept.  After a wanted
# change run this with UPDATE_GOLDENS=1 and read the difference.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/lib/pictured.sh"
. "$srcdir/tests/lib/heard.sh"
. "$srcdir/tests/lib/pseudo.sh"

cp -R root root.before

# plain PROGRAM [OPTION ...]: the plain face on a fresh tree, with `answers`.
plain()
{
	plain_program=$1
	shift
	rm -rf root state home
	mkdir home
	cp -R root.before root
	[ -z "${keep_state-}" ] || cp -R "$keep_state" state
	status=0
	HOME=$tmp/home "$plain_program" --plain --root root --state-dir state \
		--ca "$certs/root.crt" "$@" <answers >out 2>err || status=$?
}

# heard NAME STATUS [OPTION ...]: the flow with the answers on standard input;
# each answer is put behind the prompt that it is for.  In a language of x no
# sentence of it is English or glued.
heard()
{
	heard_name=$1 heard_status=$2
	shift 2
	cat >answers
	plain "$HTTPS_SETUP" "$@"
	is "$heard_name: status" "$heard_status" "$status"
	typed_in | in_words >heard
	same_heard "$heard_name"
	[ -z "${LANGUAGE-}" ] || return 0
	LANGUAGE=xx plain "$in_xx" "$@"
	is "$heard_name: the same status in another language" \
		"$heard_status" "$status"
	cat out err | in_words >heard.xx
	nothing "$heard_name: nothing of it is English" "$(english heard.xx)"
	nothing "$heard_name: nothing of it is glued" "$(glued heard.xx)"
}
speak_xx

make_p12 www.example.test secret
cp "$certs/www.example.test.p12" site.p12

# The end of the input is never an answer, wherever it comes.
cat >files <<END
basics
www.example.test
files
site.p12
secret

both

yes
no
yes
END
heard files 0 <files
lines=0
while [ $lines -lt "$(wc -l <files)" ]; do
	rm -rf root state
	cp -R root.before root
	head -n $lines files >some
	status=0
	"$HTTPS_SETUP" --plain --root root --state-dir state \
		--ca "$certs/root.crt" <some >out 2>err || status=$?
	is "ends after $lines answers: status" 3 $status
	like "ends after $lines answers: it says so" 'the input ended' err
	check "ends after $lines answers: nothing was written" \
		diff -r root.before root
	lines=$((lines + 1))
done
heard paste 0 <<END

1
paste
$(cat site.pem site.key)
.

https


details
yes
END
heard self-signed 0 <<END

1
3


443
no
no
yes
END
heard request 0 <<END
1
1
request
shop.example.test
<
www.example.test

<
RSA-2048

END
heard reply 0 <<END

1
reply
site.pem
site.key




no
yes
END
heard all 0 --cert site.pem --key site.key <<END
all



1





both


*

intermediate
yes
301
yes
yes
30d
no
no
none

yes
END
heard mistakes 3 <<END
<
?
7
basics
1
?
files
none.pem
site.pem
site.key
<
<
<
q
END

# a file that could be read at last is none of a site: said at once
openssl pkcs12 -export -in "$certs/root.crt" -inkey "$certs/root.key" \
	-out ca.p12 -passout pass:secret
heard not-a-site 3 <<END
<

1
files
ca.p12
wrong
secret
site.p12
<
<
q
END

# The same in another language; what is typed stays what it is.
if [ -e "$builddir/share/locale/de/LC_MESSAGES/https-setup.mo" ]; then
	export LANGUAGE=de
	heard files-de 0 <<-END
		basics
		www.example.test
		files
		site.p12
		secret

		both

		yes
		no
		yes
	END
	heard mistakes-de 3 <<-END
		<
		?
		7
		basics
		1
		?
		files
		site.pem
		site.key
		<
		<
		<
		q
	END
	unset LANGUAGE
else
	skip "the transcripts in German" "gettext is not installed"
fi

# cut off at the passphrase: it goes on there, and asks for that again
rm -rf root state
cp -R root.before root
mkfifo keys
"$HTTPS_SETUP" --plain --root root --state-dir state --ca "$certs/root.crt" \
	<keys >out 2>err &
cut_off=$!
exec 4>keys
printf '%s\n' basics 1 files site.p12 >&4
wait_until grep -q '^Passphrase' out || fail "it asks" "$(cat out err)"
kill -KILL $cut_off
wait $cut_off 2>/dev/null || :
exec 4>&-
mv state state.before
keep_state=state.before
heard resume 0 --resume <<END
basics

secret





yes
END
keep_state=

# what is wrong is said at once, and another step is a word away
heard change 3 --cert site.pem --key site.key <<END
basics
1


example.org
www.example.test




change
5
yes


yes
30d
no
no
save
no
END
mv www.example.test.xml answers.xml
unlike "what was saved holds no secret" 'PRIVATE|BEGIN' answers.xml

# tree_of CASE: the server of a golden case as it was before
tree_of()
{
	chmod -R u+w root.before
	rm -rf root.before
	cp -R "$srcdir/tests/golden/$1/before" root.before
	chmod -R u+w root.before
}
# suite NAME HOST: the flow of a product, with a certificate for its host
suite()
{
	suite_name=$1 suite_host=$2
	shift 2
	tree_of "$suite_name/guide"
	issue -key rsa:2048 "$suite_host" "DNS:$suite_host"
	heard "$suite_name" 0 --cert "$certs/$suite_host.chain.crt" \
		--key "$certs/$suite_host.key" "$@"
}
suite dataminer dma01.example.test <<END





both

yes
no



dma02.example.test

no
grpc
yes
END
suite certero app01.example.test <<END







both





from-8.4
ep01
ep01.example.test

yes
END
suite itms ns.example.test <<END





both





auto
ps01
ps01.example.test
yes
END
suite arcgis gis.example.test <<END





both
8443
no
no
no
ArcGIS/rest

yes
END
