// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kubeconfigs, service accounts, and files that somebody replaces.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base64.h"
#include "agent/credentials.h"
#include "agent/kubeconfig.h"
#include "file.h"
#include "policy/memory.h"

#define PEM "-----BEGIN CERTIFICATE-----\nx\n"
#define PEM64 "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCng="

#define CONFIG(cluster, user)                                         \
	"apiVersion: v1\nkind: Config\ncurrent-context: b\n"          \
	"contexts:\n- name: a\n  context: {cluster: z, user: z}\n"    \
	"- name: b\n  context: {cluster: c, user: u, namespace: n}\n" \
	"clusters:\n- name: z\n  cluster: {server: nowhere}\n"        \
	"- name: c\n  cluster: {" cluster "}\n"                       \
	"users:\n- name: u\n  user: {" user "}\n"

#define SERVER "server: 'https://192.0.2.1:6443'"
#define TOKEN "token: abc"

/* A directory with files that kubeconfigs name. */
struct place_of_files {
	char directory[32];
	char *config;
};

static void write_in(const struct place_of_files *files, const char *name,
		     const char *text)
{
	char *path = xasprintf("%s/%s", files->directory, name);

	assert_int_equal(file_replace(path, text, 0600), 0);
	free(path);
}

static void set_up(struct place_of_files *files)
{
	strcpy(files->directory, "/tmp/kubeconfig.XXXXXX");
	assert_non_null(mkdtemp(files->directory));
	files->config = xasprintf("%s/config", files->directory);
	write_in(files, "ca.pem", PEM);
	write_in(files, "token", "from-file\n");
	write_in(files, "empty", "\n");
	write_in(files, "split", "two words");
}

static void tear_down(struct place_of_files *files)
{
	static const char *const names[] = { "config", "ca.pem", "token",
					     "empty", "split" };
	size_t i;

	for (i = 0; i < COUNT(names); i++) {
		char *path = xasprintf("%s/%s", files->directory, names[i]);

		unlink(path);
		free(path);
	}
	rmdir(files->directory);
	free(files->config);
}

static struct credentials *read_text(const struct place_of_files *files,
				     const char *text,
				     struct problems *problems)
{
	struct credentials *credentials = xcalloc(1, sizeof(*credentials));

	write_in(files, "config", text);
	if (kubeconfig_read(files->config, credentials, problems)) {
		assert_int_equal(problems->errors, 0);
		return credentials;
	}
	assert_int_not_equal(problems->errors, 0);
	credentials_free(credentials);
	return NULL;
}

struct fine_row {
	const char *name;
	const char *text;
	const char *server;
	const char *authority;
	const char *certificate;
	const char *token;
	const char *user;
	const char *server_name;
	const char *proxy;
};

static const struct fine_row fine_rows[] = {
	{ "a token", CONFIG(SERVER, TOKEN), "https://192.0.2.1:6443", NULL,
	  NULL, "abc", NULL, NULL, NULL },
	{ "an IPv6 address and a path",
	  CONFIG("server: 'https://[2001:db8::1]/a/b//'", TOKEN),
	  "https://[2001:db8::1]/a/b", NULL, NULL, "abc", NULL, NULL, NULL },
	{ "an authority in a file beside",
	  CONFIG(SERVER ", certificate-authority: ca.pem", TOKEN),
	  "https://192.0.2.1:6443", "-----BEGIN CERTIFICATE-----\nx", NULL,
	  "abc", NULL, NULL, NULL },
	{ "data comes before a file",
	  CONFIG(SERVER
		 ", certificate-authority: nowhere, certificate-authority-data: " PEM64,
		 TOKEN),
	  "https://192.0.2.1:6443", "-----BEGIN CERTIFICATE-----\nx", NULL,
	  "abc", NULL, NULL, NULL },
	{ "a token file comes before a token",
	  CONFIG(SERVER, TOKEN ", tokenFile: token"), "https://192.0.2.1:6443",
	  NULL, NULL, "from-file", NULL, NULL, NULL },
	{ "a client certificate",
	  CONFIG(SERVER, "client-certificate: ca.pem, client-key-data: " PEM64),
	  "https://192.0.2.1:6443", NULL, "-----BEGIN CERTIFICATE-----\nx",
	  NULL, NULL, NULL, NULL },
	{ "a password", CONFIG(SERVER, "username: me, password: 'p w'"),
	  "https://192.0.2.1:6443", NULL, NULL, NULL, "me", NULL, NULL },
	{ "another name, and a proxy",
	  CONFIG(SERVER
		 ", tls-server-name: api.example, proxy-url: 'socks5://192.0.2.9:1080', insecure-skip-tls-verify: false, disable-compression: true",
		 TOKEN),
	  "https://192.0.2.1:6443", NULL, NULL, "abc", NULL, "api.example",
	  "socks5://192.0.2.9:1080" },
	{ "empty texts are nothing",
	  CONFIG(SERVER ", certificate-authority: '', proxy-url: ''",
		 TOKEN ", tokenFile: '', username: ''"),
	  "https://192.0.2.1:6443", NULL, NULL, "abc", NULL, NULL, NULL },
};

static void assert_text(const char *got, const char *wanted)
{
	if (wanted) {
		assert_non_null(got);
		assert_string_equal(got, wanted);
	} else {
		assert_null(got);
	}
}

static void test_fine(void **state)
{
	const struct fine_row *row = *state;
	struct problems problems = {};
	struct credentials *credentials;
	struct place_of_files files;

	set_up(&files);
	credentials = read_text(&files, row->text, &problems);
	problems_print(&problems, stderr);
	assert_non_null(credentials);
	assert_string_equal(credentials_server(credentials), row->server);
	assert_text(credentials->authority.text, row->authority);
	assert_text(credentials->certificate.text, row->certificate);
	assert_text(credentials->key.text, row->certificate);
	assert_text(credentials->token.text, row->token);
	assert_text(credentials->user, row->user);
	assert_text(credentials->server_name, row->server_name);
	assert_text(credentials->proxy, row->proxy);
	credentials_free(credentials);
	problems_clear(&problems);
	tear_down(&files);
}

struct wrong_row {
	const char *name;
	const char *text;
	unsigned int line;
	const char *field; /* of the first problem */
	const char *words; /* somewhere in its text */
};

static const struct wrong_row wrong_rows[] = {
	{ "no current context", "apiVersion: v1\nkind: Config\n", 0,
	  "current-context", "use-context" },
	{ "a context that is not there",
	  "kind: Config\ncurrent-context: x\ncontexts: []\n", 2,
	  "current-context", "no context \"x\"" },
	{ "a cluster that is not there",
	  "kind: Config\ncurrent-context: x\ncontexts:\n- name: x\n  context:\n    cluster: elsewhere\n    user: z\n",
	  6, "contexts[0].context.cluster", "no cluster \"elsewhere\"" },
	{ "a server without TLS",
	  CONFIG("server: 'http://192.0.2.1:8080'", TOKEN), 13,
	  "clusters[1].cluster.server", "https://" },
	{ "no server", CONFIG("x: y", TOKEN), 13, "clusters[1].cluster.server",
	  "is missing" },
	{ "a server that is no URL", CONFIG("server: 'https://'", TOKEN), 13,
	  "clusters[1].cluster.server", "URL" },
	{ "a server with a password in it",
	  CONFIG("server: 'https://me:secret@192.0.2.1'", TOKEN), 13,
	  "clusters[1].cluster.server", "HOST:PORT" },
	{ "no verification",
	  CONFIG(SERVER ", insecure-skip-tls-verify: true", TOKEN), 13,
	  "clusters[1].cluster.insecure-skip-tls-verify",
	  "certificate-authority" },
	{ "an authority that is not there",
	  CONFIG(SERVER ", certificate-authority: nowhere", TOKEN), 13,
	  "clusters[1].cluster.certificate-authority", "cannot be read" },
	{ "an authority that is none",
	  CONFIG(SERVER ", certificate-authority: token", TOKEN), 13,
	  "clusters[1].cluster.certificate-authority", "PEM" },
	{ "data that is no base64",
	  CONFIG(SERVER ", certificate-authority-data: '!!!!'", TOKEN), 13,
	  "clusters[1].cluster.certificate-authority-data", "base64" },
	{ "a proxy of an unknown kind",
	  CONFIG(SERVER ", proxy-url: 'ftp://x'", TOKEN), 13,
	  "clusters[1].cluster.proxy-url", "socks5://" },
	{ "no credentials", CONFIG(SERVER, ""), 16, "users[0].user",
	  "tokenFile" },
	{ "a program", CONFIG(SERVER, "exec: {command: aws}"), 16,
	  "users[0].user.exec", "use a client certificate" },
	{ "a provider", CONFIG(SERVER, "auth-provider: {name: gcp}"), 16,
	  "users[0].user.auth-provider", "use a client certificate" },
	{ "somebody else", CONFIG(SERVER, TOKEN ", as: root"), 16,
	  "users[0].user.as", "own credentials" },
	{ "a certificate without a key",
	  CONFIG(SERVER, "client-certificate: ca.pem"), 16, "users[0].user",
	  "go together" },
	{ "a name without a password", CONFIG(SERVER, "username: me"), 16,
	  "users[0].user.password", "go together" },
	{ "an empty token file", CONFIG(SERVER, "tokenFile: empty"), 16,
	  "users[0].user.tokenFile", "is empty" },
	{ "a token that would be two headers",
	  CONFIG(SERVER, "token: \"secret\\r\\nsecret\""), 16,
	  "users[0].user.token", "characters" },
	{ "a token file of two words", CONFIG(SERVER, "tokenFile: split"), 16,
	  "users[0].user.tokenFile", "characters" },
	{ "a token that is a number", CONFIG(SERVER, "token: 5"), 16,
	  "users[0].user.token", "text" },
	{ "two documents", "a: b\n---\nc: d\n", 0, NULL, "one document" },
	{ "no YAML", "a: [\n", 2, NULL, "" },
};

static void test_wrong(void **state)
{
	const struct wrong_row *row = *state;
	struct problems problems = {};
	struct place_of_files files;
	const struct problem *first;
	size_t i;

	set_up(&files);
	assert_null(read_text(&files, row->text, &problems));
	first = &problems.list[0];
	assert_string_equal(first->file, files.config);
	if (row->line)
		assert_int_equal(first->line, row->line);
	if (row->field)
		assert_string_equal(first->field, row->field);
	assert_non_null(strstr(first->text, row->words));
	/* No message has what it is about. */
	for (i = 0; i < problems.count; i++)
		assert_null(strstr(problems.list[i].text, "secret"));
	problems_clear(&problems);
	tear_down(&files);
}

struct account_row {
	const char *name;
	const char *host;
	const char *port;
	const char *server;
};

static const struct account_row account_rows[] = {
	{ "IPv4", "192.0.2.1", "443", "https://192.0.2.1:443" },
	{ "IPv6", "2001:db8::1", "6443", "https://[2001:db8::1]:6443" },
	{ "IPv6 in brackets", "[2001:db8::1]", "6443",
	  "https://[2001:db8::1]:6443" },
	{ "a name", "api.example", "443", "https://api.example:443" },
	{ "no host", NULL, "443", NULL },
	{ "an empty port", "192.0.2.1", "", NULL },
};

static void test_account(void **state)
{
	const struct account_row *row = *state;
	const struct nlctl nlctl = {};
	struct credentials *credentials;
	struct place_of_files files;
	char *from, *to;

	set_up(&files);
	from = xasprintf("%s/ca.pem", files.directory);
	to = xasprintf("%s/ca.crt", files.directory);
	assert_int_equal(rename(from, to), 0);
	credentials = credentials_of_service_account(&nlctl, files.directory,
						     row->host, row->port);
	if (row->server) {
		assert_non_null(credentials);
		assert_string_equal(credentials_server(credentials),
				    row->server);
		assert_string_equal(credentials->token.text, "from-file");
		assert_non_null(credentials->authority.text);
	} else {
		assert_null(credentials);
	}
	credentials_free(credentials);
	unlink(to);
	free(from);
	free(to);
	tear_down(&files);
}

/* Whatever is in the file now is used, unless it is of no use. */
static void test_refresh(void **state)
{
	struct problems problems = {};
	struct credentials *credentials;
	struct place_of_files files;

	(void)state;
	set_up(&files);
	credentials = read_text(&files, CONFIG(SERVER, "tokenFile: token"),
				&problems);
	assert_non_null(credentials);
	write_in(&files, "token", "renewed");
	assert_string_equal(credentials->token.text, "from-file");
	credentials_refresh(credentials);
	assert_string_equal(credentials->token.text, "renewed");
	write_in(&files, "token", "");
	credentials_refresh(credentials);
	assert_string_equal(credentials->token.text, "renewed");
	write_in(&files, "token", "again");
	credentials_refused(credentials);
	credentials_refresh(credentials);
	assert_string_equal(credentials->token.text, "again");
	assert_false(credentials->token.stale);
	credentials_free(credentials);
	tear_down(&files);
}

struct base64_row {
	const char *text;
	const char *bytes; /* NULL when it is wrong */
};

static const struct base64_row base64_rows[] = {
	{ "", "" },
	{ "YQ==", "a" },
	{ "YWI=", "ab" },
	{ "YWJj", "abc" },
	{ "YW \tJj", "abc" },
	{ "YWJjZA==", "abcd" },
	{ "+/+/", "\xfb\xff\xbf" },
	{ "YQ", NULL },
	{ "YQ=", NULL },
	{ "Y===", NULL },
	{ "====", NULL },
	{ "YQ==YQ==", NULL },
	{ "=QQQ", NULL },
	{ "YW-j", NULL },
	{ "YW,j", NULL },
};

static void test_base64(void **state)
{
	const struct base64_row *row = *state;
	size_t length = 0;
	char *bytes = base64_decode(row->text, &length);

	assert_text(bytes, row->bytes);
	if (bytes)
		assert_int_equal(length, strlen(row->bytes));
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_refresh) };
	int failed;

	failed = table_tests("kubeconfig", fine_rows, COUNT(fine_rows),
			     sizeof(*fine_rows), test_fine);
	failed += table_tests("wrong kubeconfig", wrong_rows, COUNT(wrong_rows),
			      sizeof(*wrong_rows), test_wrong);
	failed += table_tests("service account", account_rows,
			      COUNT(account_rows), sizeof(*account_rows),
			      test_account);
	failed += table_tests("base64", base64_rows, COUNT(base64_rows),
			      sizeof(*base64_rows), test_base64);
	failed += cmocka_run_group_tests_name("files", tests, NULL, NULL);
	return !!failed;
}
