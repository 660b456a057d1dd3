// SPDX-License-Identifier: GPL-2.0-only
#include "session.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "answer.h"

#define BUFFER_SIZE (8 << 20)
/* More is not sent together. */
#define BATCH_SIZE 200000
/* What one read may bring, at most. */
#define READ_SIZE (256 << 10)

static uint8_t answers[READ_SIZE];

static void give_up(const char *what)
{
	perror(what);
	exit(2);
}

bool session_fail(struct session *session, const char *format, ...)
{
	va_list arguments;

	if (session->failure[0])
		return false;
	va_start(arguments, format);
	vsnprintf(session->failure, sizeof(session->failure), format,
		  arguments);
	va_end(arguments);
	return false;
}

static int open_socket(void)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	const int one = 1, size = BUFFER_SIZE;
	int file = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (file < 0 ||
	    bind(file, (const struct sockaddr *)&address, sizeof(address)) ||
	    setsockopt(file, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one)) ||
	    setsockopt(file, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one)) ||
	    setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(file, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		give_up("a netlink socket");
	return file;
}

static void find_family(struct session *session)
{
	struct {
		struct nlmsghdr head;
		struct genlmsghdr generic;
		struct nlattr attribute;
		char name[GENL_NAMSIZ];
	} request = {
		.head = { sizeof(request), GENL_ID_CTRL, NLM_F_REQUEST, 1, 0 },
		.generic = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 },
		.attribute = { NLA_HDRLEN + sizeof(request.name),
			       CTRL_ATTR_FAMILY_NAME },
	};
	const int file = session->channels[CONTROL].file;
	const uint8_t *data = answers + NLMSG_HDRLEN + GENL_HDRLEN;
	const uint8_t *end;
	struct nlattr attribute;
	ssize_t size;

	strcpy(request.name, grammar_family);
	request.attribute.nla_len = NLA_HDRLEN + strlen(grammar_family) + 1;
	if (send(file, &request, sizeof(request), 0) < 0)
		give_up("the family");
	size = recv(file, answers, sizeof(answers), 0);
	end = answers + (size < 0 ? 0 : size);
	for (; data + sizeof(attribute) <= end;
	     data += NLA_ALIGN(attribute.nla_len)) {
		memcpy(&attribute, data, sizeof(attribute));
		if (attribute.nla_type == CTRL_ATTR_FAMILY_ID)
			memcpy(&session->family, data + NLA_HDRLEN,
			       sizeof(session->family));
		if (attribute.nla_len < NLA_HDRLEN)
			break;
	}
	if (!session->family) {
		fprintf(stderr, "the kernel has no family %s\n",
			grammar_family);
		exit(2);
	}
}

void session_open(struct session *session)
{
	unsigned int i;

	for (i = 0; i < SOCKETS; i++)
		session->channels[i].file = -1;
	session->channels[CONTROL].file = open_socket();
	find_family(session);
	session->unsure = true;
}

void session_close_channels(struct session *session)
{
	unsigned int i;

	for (i = 0; i < SOCKETS; i++) {
		if (session->channels[i].file >= 0)
			close(session->channels[i].file);
		session->channels[i] = (struct channel){ .file = -1 };
	}
}

void session_close(struct session *session)
{
	session_close_channels(session);
	close(session->channels[CONTROL].file);
	buffer_free(&session->buffer);
}

/* Take what one read brings; false when there is nothing, or on a failure. */
static bool receive(struct session *session, struct channel *channel)
{
	ssize_t size = recv(channel->file, answers, sizeof(answers),
			    MSG_DONTWAIT | MSG_TRUNC);
	const struct nlmsghdr *head = (const struct nlmsghdr *)answers;
	int left = size;

	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (size < 0)
		return session_fail(session, "answers are lost: %s",
				    strerror(errno));
	if (size > READ_SIZE)
		return session_fail(session, "an answer of %zd bytes", size);
	for (; NLMSG_OK(head, left); head = NLMSG_NEXT(head, left))
		if (!answer_take(session, channel, head))
			return false;
	return true;
}

/* What a request is answered to was done before sending returned, and a listing
 * goes on while it is read: so nothing is waited for. What is left unread is the
 * listing that was asked for last, and no answer in front of it: what that tells
 * of the generation would be old news by then.
 */
static bool drain(struct session *session, struct channel *channel, bool leave)
{
	while (leave && receive(session, channel)) {
		if (channel->listing != session->sequence)
			continue;
		session->tally->left++;
		return true;
	}
	while (receive(session, channel))
		;
	if (session->failure[0])
		return false;
	if (channel->listing)
		return session_fail(session, "a listing does not end");
	return answer_complete(session, channel);
}

static bool header_is_right(const struct message *message, enum header header)
{
	return message->header[header] == HEADER_RIGHT;
}

static void note(struct session *session, struct channel *channel,
		 const struct message *message, size_t start, bool framed)
{
	const struct buffer *buffer = &session->buffer;
	struct sent *sent = &channel->sent[channel->count++];
	struct genlmsghdr generic = {};
	struct nlmsghdr head;

	memcpy(&head, &buffer->data[start], sizeof(head));
	if (buffer->size - start >= sizeof(head) + sizeof(generic))
		memcpy(&generic, &buffer->data[start + sizeof(head)],
		       sizeof(generic));
	*sent = (struct sent){
		.sequence = session->sequence,
		.operation = grammar_numbered_operation(generic.cmd),
		.flags = head.nlmsg_flags,
		.foreign = head.nlmsg_type != session->family,
		.stub = head.nlmsg_len < sizeof(head) + sizeof(generic),
		.framed = framed,
	};
	if (!header_is_right(message, HEADER_COMMAND) || !sent->operation)
		return;
	if (!strcmp(sent->operation->name, "transaction-begin"))
		channel->requests = 0;
	channel->requests += grammar_stages(sent->operation);
}

bool session_send(struct session *session, unsigned int socket,
		  struct message *const *messages, unsigned int count)
{
	struct channel *channel = &session->channels[socket];
	bool framed = true, leave = false;
	unsigned int i, before;
	uint32_t requests;

	if (channel->file < 0) {
		*channel = (struct channel){ .file = open_socket() };
		session->tally->sockets++;
	}
	before = channel->count;
	requests = channel->requests;
	session->buffer.size = 0;
	for (i = 0; i < count; i++) {
		const struct now now = {
			.family = session->family,
			.sequence = ++session->sequence,
			.generation = session->generation,
			.requests = channel->requests,
		};
		size_t start = session->buffer.size;

		framed &= header_is_right(messages[i], HEADER_STRETCH);
		encode_message(&session->buffer, messages[i], &now);
		note(session, channel, messages[i], start, framed);
		leave = messages[i]->leaves;
	}
	session->garbled = !framed;
	if (send(channel->file, session->buffer.data, session->buffer.size, 0) <
	    0) {
		/* Copies of copies grow beyond what a socket takes at all. */
		if (errno == EMSGSIZE || errno == ENOBUFS) {
			channel->count = before;
			channel->requests = requests;
			session->garbled = false;
			return true;
		}
		return session_fail(session, "%zu bytes are not sent: %s",
				    session->buffer.size, strerror(errno));
	}
	if (socket != CONTROL)
		session->tally->messages += count;
	if (!drain(session, channel, leave && framed))
		return false;
	session->unsure |= session->garbled;
	session->garbled = false;
	return true;
}

bool session_ask(struct session *session, struct message *const *messages,
		 unsigned int count)
{
	session->refusal = 0;
	return session_send(session, CONTROL, messages, count);
}

static bool commits(const struct message *message)
{
	return message->operation &&
	       !strcmp(message->operation->name, "transaction-commit");
}

/* How many messages are sent together. */
static unsigned int batch(const struct program *program, unsigned int from,
			  bool apart)
{
	struct message *const *messages = &program->messages[from];
	unsigned int left = program->count - from, count = 0;
	size_t size = 0;

	do {
		const struct message *message = messages[count++];

		size += list_size(&message->attributes);
		if (message->sends || message->leaves || size > BATCH_SIZE ||
		    !header_is_right(message, HEADER_STRETCH) ||
		    (apart && commits(message)))
			break;
	} while (count < left && !messages[count]->closes &&
		 messages[count]->socket == messages[0]->socket);
	return count;
}

/* Garbage may have committed something. */
static bool be_sure(struct session *session)
{
	static const char name[] = "settings-get";
	struct message *message;
	struct arena arena = {};
	bool fine;

	if (!session->unsure)
		return true;
	message = message_new(&arena, CONTROL,
			      grammar_find_operation(name, strlen(name)));
	fine = session_ask(session, &message, 1);
	arena_free(&arena);
	return fine;
}

bool session_run(struct session *session, const struct program *program,
		 bool (*after_commit)(struct session *, void *), void *data)
{
	unsigned int i, count;

	for (i = 0; i < program->count; i += count) {
		const struct message *first = program->messages[i];
		const struct message *last;

		count = 1;
		if (first->closes) {
			struct channel *channel =
				&session->channels[first->socket];

			if (channel->file >= 0)
				close(channel->file);
			*channel = (struct channel){ .file = -1 };
			continue;
		}
		count = batch(program, i, after_commit);
		last = program->messages[i + count - 1];
		if (!session_send(session, first->socket, &program->messages[i],
				  count) ||
		    !be_sure(session))
			return false;
		if (session->coverage)
			coverage_collect(session->coverage, session->points);
		if (after_commit && commits(last) &&
		    !after_commit(session, data))
			return false;
	}
	session->tally->programs++;
	return true;
}
