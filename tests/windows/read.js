// What the scripts for Windows say, by the grammar of PowerShell: one finding
// a line, nothing when there is none.
//
//	node read.js CHECK SCRIPT ...
//	node read.js data SCRIPT DATA
//
// NODE_PATH names the folder with @vscode/tree-sitter-wasm.
'use strict';
const fs = require('fs');
const path = require('path');
const { Parser, Language } = require('@vscode/tree-sitter-wasm');

function* nodes(node) {
	yield node;
	for (const child of node.children)
		yield* nodes(child);
}

function find(tree, type) {
	return [...nodes(tree)].filter((node) => node.type === type);
}

function place(script, node) {
	return `${script.name}:${node.startPosition.row + 1}`;
}

function nameOf(command) {
	const name = command.childForFieldName('command_name');
	return name ? name.text : '';
}

// Text without comments, so that words in them do not count.
function code(node) {
	let text = node.text;
	for (const comment of find(node, 'comment'))
		text = text.replace(comment.text, '');
	return text;
}

// --- The checks ------------------------------------------------------------

function* parse(scripts) {
	for (const script of scripts)
		for (const node of nodes(script.tree))
			if (node.isError || node.isMissing)
				yield `${place(script, node)}: ${node.text}`;
}

function* commands(scripts) {
	const own = new Set();
	for (const script of scripts)
		for (const name of find(script.tree, 'function_name'))
			own.add(name.text);
	const names = new Set();
	for (const script of scripts)
		for (const command of find(script.tree, 'command'))
			if (!own.has(nameOf(command)))
				names.add(nameOf(command));
	yield* [...names].sort();
}

// What may be called by `&` or `.`: a program of Windows itself, the steps of
// the undo, the file that both scripts share.
const called = [
	/^\(Join-Path \$script:System32 '[a-z\\]+\.exe'\)$/,
	/^\$script:Undo\[\$step\.kind\]$/,
	/^\(Join-Path \$PSScriptRoot 'https-setup-common\.ps1'\)$/,
];
const evaluators = new RegExp('\\b(iex|Invoke-Expression|Invoke-Command' +
	'|Add-Type|ScriptBlock\\]?::Create|ExpandString|InvokeScript' +
	'|NewScriptBlock|EncodedCommand|Start-Process|cmd(\\.exe)? */c)\\b', 'i');

function* evaluated(scripts) {
	for (const script of scripts) {
		for (const command of find(script.tree, 'command')) {
			const by = command.children.some((child) =>
				child.type === 'command_invokation_operator');
			if (by && !called.some((one) => one.test(nameOf(command))))
				yield `${place(script, command)}: calls ${nameOf(command)}`;
			if (!by && !/^[A-Za-z][A-Za-z-]+$/.test(nameOf(command)))
				yield `${place(script, command)}: is ${nameOf(command)}`;
		}
		for (const node of script.tree.children)
			if (evaluators.test(code(node)))
				yield `${place(script, node)}: evaluates text`;
	}
}

// Each effect, what has to look whether it is needed, and what has to record
// it: in that order, in the same function, behind a question to -WhatIf.
const effects = [
	['Import-PfxCertificate', 'Find-Certificate', 'Add-Step'],
	['.Add($authority)', 'Find-Certificate', 'Add-Step'],
	["'add', 'sslcert'", 'Get-SslRecord', 'Add-Step'],
	["'delete', 'sslcert'", 'Get-SslRecord', 'Add-Step'],
	['New-NetFirewallRule', 'Get-NetFirewallRule', 'Add-Step'],
	['.SetValue(', 'Get-RegistryNumber', 'Add-Step'],
	['Stop-Service', 'Get-Service', 'Add-Step'],
	['Remove-Item', 'Test-Path', null],
	['icacls.exe', null, null],
];

function* looked(script, func, text) {
	const name = func.children.find((one) => one.type === 'function_name').text;
	for (const [effect, look, record] of effects) {
		const at = text.indexOf(effect);
		if (at < 0)
			continue;
		for (const before of [look, 'Test-Step', record])
			if (before && (text.indexOf(before) < 0 ||
					text.indexOf(before) > at))
				yield `${place(script, func)}: ${name}: ${effect} without ${before}`;
	}
}

function* guarded(scripts) {
	let seen = '';
	for (const script of scripts)
		for (const func of find(script.tree, 'function_statement')) {
			const text = code(func);
			// the undo looks and asks in one place for all of its steps
			if (/^function (Undo|Save)-/.test(text))
				continue;
			seen += text;
			yield* looked(script, func, text);
		}
	for (const [effect] of effects)
		if (!seen.includes(effect))
			yield `no function has ${effect}: the table is out of date`;
}

// --- Data against the allow-list -------------------------------------------

// A text put together from constants, as the scripts do it for patterns.
function constant(text, known) {
	let whole = '';
	for (const part of text.replace(/^\(|\)$/g, '').split(/ \+\s+/)) {
		const literal = /^'((?:[^']|'')*)'$/.exec(part.trim());
		const value = literal ? literal[1] : known[part.trim()];
		if (value === undefined)
			return undefined;
		whole += value;
	}
	return whole;
}

function constants(script) {
	const known = {};
	const line = /^(\$script:[A-Za-z]+) = ('.*')$/gm;
	for (const [, name, value] of script.text.matchAll(line))
		known[name] = constant(value, known);
	return known;
}

// name -> [what reads it, pattern]: from every Get-Text and Get-TextList
function patterns(script) {
	const known = constants(script);
	const read = {};
	const call = /(Get-Text|Get-TextList) \$\w+ '([a-z0-9-]+)' (\('.*'\)|'.*'|\$script:\w+)\s*$/gm;
	for (const [, how, name, text] of script.text.matchAll(call)) {
		const pattern = constant(text, known);
		if (pattern !== undefined)
			(read[name] = read[name] || []).push([how, new RegExp(
				pattern.replace(/\\A/g, '^').replace(/\\z/g, '$'))]);
	}
	return read;
}

function* values(value, name) {
	if (Array.isArray(value))
		for (const item of value)
			yield* values(item, name);
	else if (value && typeof value === 'object')
		for (const key of Object.keys(value))
			yield* values(value[key], key);
	else
		yield [name, value];
}

function* data(scripts, file) {
	const read = patterns(scripts[0]);
	const known = constants(scripts[0]);
	const key = new RegExp('^' + known['$script:HostName'] + ':[0-9]{1,5}$');
	const address = new RegExp('^' + known['$script:NumericAddress'] +
		':[0-9]{1,5}$');
	for (const [name, value] of values(JSON.parse(fs.readFileSync(file)), '')) {
		if (typeof value !== 'string')
			continue;
		const fits = name === 'value' ? key.test(value) || address.test(value)
			: (read[name] || []).some(([, one]) => one.test(value));
		if (!fits)
			yield `${name}: ${JSON.stringify(value)}`;
	}
}

// --- Running ---------------------------------------------------------------

const checks = { parse, commands, evaluated, guarded, data };

async function load(files) {
	const home = path.dirname(require.resolve('@vscode/tree-sitter-wasm'));
	await Parser.init();
	const parser = new Parser();
	parser.setLanguage(await Language.load(
		path.join(home, 'tree-sitter-powershell.wasm')));
	return files.map((file) => {
		const text = fs.readFileSync(file, 'utf8');
		return {
			name: path.basename(file),
			text: text.replace(/\r\n/g, '\n'),
			tree: parser.parse(text).rootNode,
		};
	});
}

async function main([check, ...files]) {
	const extra = check === 'data' ? files.pop() : undefined;
	for (const line of checks[check](await load(files), extra))
		console.log(line);
}

main(process.argv.slice(2)).catch((error) => {
	console.error(error);
	process.exit(1);
});
