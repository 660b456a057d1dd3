// SPDX-License-Identifier: GPL-2.0-only
#include "agent/kubeconfig.h"

#include <stdlib.h>
#include <string.h>

#include "agent/base64.h"
#include "agent/server_url.h"
#include "policy/decoder.h"
#include "policy/document.h"
#include "policy/memory.h"

/**
 * struct reading - a kubeconfig that is read
 * @decoder: notes what is wrong
 * @root: the whole file
 * @directory: that paths are relative to
 * @credentials: receives what it says
 */
struct reading {
	struct decoder decoder;
	struct value root;
	const char *directory;
	struct credentials *credentials;
};

/* What a kind of entry is called, and how to make one. */
struct section {
	const char *list;
	const char *member;
	const char *advice;
};

static const struct section contexts = {
	"contexts", "context",
	"kubectl config get-contexts lists those there are"
};

static const struct section clusters = {
	"clusters", "cluster", "kubectl config set-cluster makes one"
};

static const struct section users = {
	"users", "user", "kubectl config set-credentials makes one"
};

/* The entry of a name; noted as an error when there is none. Values refer to
 * their parents, so these have to stay where they are.
 */
struct entry {
	struct value list;
	struct value element;
	struct value member;
};

static bool find_entry(struct reading *reading, const struct section *section,
		       const struct value *reference, const char *name,
		       struct entry *entry)
{
	struct decoder *decoder = &reading->decoder;
	size_t count, i;

	entry->list = value_member(&reading->root, section->list);
	count = decode_length(decoder, &entry->list);
	for (i = 0; i < count; i++) {
		struct value element_name;
		const char *text;

		entry->element = value_element(&entry->list, i);
		element_name = value_member(&entry->element, "name");
		text = json_string_value(element_name.json);
		if (!text || strcmp(text, name) != 0)
			continue;
		entry->member = value_member(&entry->element, section->member);
		if (!entry->member.json)
			decode_error(decoder, &entry->member, "is missing");
		return decode_object(decoder, &entry->member);
	}
	decode_error(decoder, reference, "there is no %s \"%s\" in %s; %s",
		     section->member, name, section->list, section->advice);
	return false;
}

/* A text that is not empty, as kubectl writes what is not there. */
static const char *read_text(struct reading *reading, const struct value *value)
{
	const char *text = decode_string(&reading->decoder, value);

	return text && *text ? text : NULL;
}

static char *make_path(const struct reading *reading, const char *path)
{
	return *path == '/' ? xstrdup(path) :
			      xasprintf("%s/%s", reading->directory, path);
}

static void take_file(struct reading *reading, const struct value *value,
		      const char *path, struct secret *secret)
{
	char *wrong;

	secret->path = make_path(reading, path);
	wrong = secret_read(secret);
	if (wrong)
		decode_error(&reading->decoder, value, "%s %s", secret->path,
			     wrong);
	free(wrong);
}

static void take_text(struct reading *reading, const struct value *value,
		      char *text, size_t length, struct secret *secret)
{
	const char *wrong = secret_wrong(secret->form, text, length);

	if (wrong)
		decode_error(&reading->decoder, value, "%s", wrong);
	secret->text = text;
	secret->length = length;
}

/* What is in the file itself comes before what is in another. */
static void read_pem(struct reading *reading, const struct value *object,
		     const char *name, const char *data_name,
		     struct secret *secret)
{
	struct value file_value = value_member(object, name);
	struct value data_value = value_member(object, data_name);
	const char *file = read_text(reading, &file_value);
	const char *data = read_text(reading, &data_value);
	size_t length;
	char *text;

	secret->form = SECRET_PEM;
	if (data) {
		text = base64_decode(data, &length);
		if (text)
			take_text(reading, &data_value, text, length, secret);
		else
			decode_error(&reading->decoder, &data_value,
				     "is not base64");
	} else if (file) {
		take_file(reading, &file_value, file, secret);
	}
}

static void read_server(struct reading *reading, const struct value *cluster)
{
	struct value value = value_member(cluster, "server");
	const char *text = read_text(reading, &value);
	const char *wrong;
	size_t length;

	if (!text) {
		if (!reading->decoder.failed)
			decode_error(&reading->decoder, &value,
				     "is missing; it is the URL of the API server");
		return;
	}
	wrong = server_url_wrong(text);
	if (wrong)
		decode_error(&reading->decoder, &value, "%s", wrong);
	length = strlen(text);
	while (length && text[length - 1] == '/')
		length--;
	reading->credentials->server = xasprintf("%.*s", (int)length, text);
}

static void read_proxy(struct reading *reading, const struct value *cluster)
{
	static const char *const schemes[] = { "http://", "https://",
					       "socks5://" };
	struct value value = value_member(cluster, "proxy-url");
	const char *text = read_text(reading, &value);
	size_t i;

	if (!text)
		return;
	for (i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (!strncmp(text, schemes[i], strlen(schemes[i])))
			break;
	if (i == sizeof(schemes) / sizeof(*schemes))
		decode_error(&reading->decoder, &value,
			     "must begin with http://, https:// or socks5://");
	reading->credentials->proxy = xstrdup(text);
}

static void read_cluster(struct reading *reading, const struct value *cluster)
{
	struct value name = value_member(cluster, "tls-server-name");
	struct value skip = value_member(cluster, "insecure-skip-tls-verify");
	const char *text = read_text(reading, &name);

	read_server(reading, cluster);
	read_proxy(reading, cluster);
	read_pem(reading, cluster, "certificate-authority",
		 "certificate-authority-data",
		 &reading->credentials->authority);
	if (text)
		reading->credentials->server_name = xstrdup(text);
	if (decode_boolean(&reading->decoder, &skip))
		decode_error(
			&reading->decoder, &skip,
			"is not supported: the API server decides on policy, so its certificate is verified always; name the certificate of its authority in certificate-authority, and in tls-server-name the name that its certificate has");
}

/* What nlctl does not do, and what to do about it. */
static void refuse_unsupported(struct reading *reading,
			       const struct value *user)
{
	static const char certificate[] =
		"use a client certificate, or tokenFile with a token that something else renews";
	static const char own[] =
		"give the user that is asked for its own credentials";
	static const struct {
		const char *name;
		const char *advice;
	} unsupported[] = {
		{ "exec", certificate }, { "auth-provider", certificate },
		{ "as", own },		 { "as-uid", own },
		{ "as-groups", own },	 { "as-user-extra", own },
	};
	size_t i;

	for (i = 0; i < sizeof(unsupported) / sizeof(*unsupported); i++) {
		struct value value = value_member(user, unsupported[i].name);

		if (value.json)
			decode_error(&reading->decoder, &value,
				     "is not supported: %s",
				     unsupported[i].advice);
	}
}

static void read_token(struct reading *reading, const struct value *user)
{
	struct secret *secret = &reading->credentials->token;
	struct value file_value = value_member(user, "tokenFile");
	struct value value = value_member(user, "token");
	const char *file = read_text(reading, &file_value);
	const char *text = read_text(reading, &value);

	/* As clients of Kubernetes have it: the file, which is renewed. */
	secret->form = SECRET_WORD;
	if (file)
		take_file(reading, &file_value, file, secret);
	else if (text)
		take_text(reading, &value, xstrdup(text), strlen(text), secret);
}

static void read_password(struct reading *reading, const struct value *user)
{
	struct secret *secret = &reading->credentials->password;
	struct value name_value = value_member(user, "username");
	struct value value = value_member(user, "password");
	const char *name = read_text(reading, &name_value);
	const char *text = read_text(reading, &value);

	if (!name && !text)
		return;
	if (!name || !text) {
		decode_error(&reading->decoder, name ? &value : &name_value,
			     "is missing; username and password go together");
		return;
	}
	if (strchr(name, ':'))
		decode_error(&reading->decoder, &name_value,
			     "must not have a colon");
	reading->credentials->user = xstrdup(name);
	secret->text = xstrdup(text);
	secret->length = strlen(text);
}

static void read_user(struct reading *reading, const struct value *user)
{
	struct credentials *credentials = reading->credentials;

	refuse_unsupported(reading, user);
	read_pem(reading, user, "client-certificate", "client-certificate-data",
		 &credentials->certificate);
	read_pem(reading, user, "client-key", "client-key-data",
		 &credentials->key);
	read_token(reading, user);
	read_password(reading, user);
	if (reading->decoder.failed)
		return;
	if (!credentials->certificate.text != !credentials->key.text)
		decode_error(&reading->decoder, user,
			     "client-certificate and client-key go together");
	else if (!credentials->certificate.text && !credentials->token.text &&
		 !credentials->user)
		decode_error(
			&reading->decoder, user,
			"has no credentials; give it client-certificate and client-key, or tokenFile");
}

static void read_contexts(struct reading *reading)
{
	struct value current = value_member(&reading->root, "current-context");
	const char *name = read_text(reading, &current);
	struct value cluster_value, user_value;
	const char *cluster_name, *user_name;
	struct entry context, entry;

	if (!name) {
		if (!reading->decoder.failed)
			decode_error(&reading->decoder, &current,
				     "is missing; kubectl config use-context NAME --kubeconfig %s sets it",
				     reading->decoder.place.file);
		return;
	}
	if (!find_entry(reading, &contexts, &current, name, &context))
		return;
	cluster_value = value_member(&context.member, "cluster");
	user_value = value_member(&context.member, "user");
	cluster_name = decode_string(&reading->decoder, &cluster_value);
	user_name = decode_string(&reading->decoder, &user_value);
	if (!cluster_name && !reading->decoder.failed)
		decode_error(&reading->decoder, &cluster_value, "is missing");
	if (!user_name && !reading->decoder.failed)
		decode_error(&reading->decoder, &user_value, "is missing");
	if (!cluster_name || !user_name)
		return;
	if (find_entry(reading, &clusters, &cluster_value, cluster_name,
		       &entry))
		read_cluster(reading, &entry.member);
	if (find_entry(reading, &users, &user_value, user_name, &entry))
		read_user(reading, &entry.member);
}

bool kubeconfig_read(const char *path, struct credentials *credentials,
		     struct problems *problems)
{
	const char *slash = strrchr(path, '/');
	char *directory = !slash ? xstrdup(".") :
				   xasprintf("%.*s", (int)(slash - path), path);
	struct documents documents = {};
	struct reading reading = {
		.decoder = {
			.lines = &documents.lines,
			.problems = problems,
			.place = { .file = path },
		},
		.directory = directory,
		.credentials = credentials,
	};
	bool fine = documents_read(&documents, path, problems);

	if (fine && documents.count != 1) {
		problem_add(problems, SEVERITY_ERROR, &reading.decoder.place,
			    NULL, NULL,
			    "is not a kubeconfig: it must be one document");
		fine = false;
	}
	if (fine) {
		reading.root.json = documents.list[0].root;
		reading.decoder.place.document = documents.list[0].number;
		read_contexts(&reading);
		fine = !reading.decoder.failed;
	}
	documents_clear(&documents);
	free(directory);
	return fine;
}
