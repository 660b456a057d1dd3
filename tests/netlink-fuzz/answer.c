// SPDX-License-Identifier: GPL-2.0-only
#include "answer.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <string.h>

#include "decode.h"

bool answer_lists(const struct sent *sent)
{
	return (sent->flags & NLM_F_DUMP) == NLM_F_DUMP;
}

static bool is_commit(const struct grammar_operation *operation)
{
	return !strcmp(operation->name, "transaction-commit");
}

static const char *name_of(const struct sent *sent)
{
	return sent->operation ? sent->operation->name : "an unknown command";
}

static struct sent *find(struct channel *channel, uint32_t sequence)
{
	unsigned int i;

	for (i = 0; i < channel->count; i++)
		if (channel->sent[i].sequence == sequence)
			return &channel->sent[i];
	return NULL;
}

/*
 * What netlink itself refuses before the module hears of it, and has no text
 * for. Everything else has one.
 */
static bool may_be_mute(const struct channel *channel, const struct sent *sent,
			int error)
{
	const struct grammar_operation *operation = sent->operation;

	if (sent->foreign)
		return error == ENOENT;
	if (sent->stub)
		return error == EINVAL;
	if (!operation ||
	    !(answer_lists(sent) ? operation->dumps : operation->does))
		return error == EOPNOTSUPP;
	return answer_lists(sent) && error == EBUSY && channel->listing;
}

/* The text of an extended acknowledgment; empty when there is none. */
static const char *text_of(const struct nlmsghdr *head, size_t skip)
{
	size_t left = head->nlmsg_len - NLMSG_HDRLEN;
	const char *data = NLMSG_DATA(head);

	if (!(head->nlmsg_flags & NLM_F_ACK_TLVS) || left < skip)
		return "";
	data += skip;
	left -= skip;
	while (left >= NLA_HDRLEN) {
		struct nlattr attribute;
		size_t step;

		memcpy(&attribute, data, sizeof(attribute));
		step = NLA_ALIGN(attribute.nla_len);
		if (step < NLA_HDRLEN || step > left)
			break;
		if ((attribute.nla_type & NLA_TYPE_MASK) == NLMSGERR_ATTR_MSG &&
		    memchr(data + NLA_HDRLEN, 0, step - NLA_HDRLEN))
			return data + NLA_HDRLEN;
		data += step;
		left -= step;
	}
	return "";
}

static bool take_refusal(struct session *session, struct channel *channel,
			 struct sent *sent, int error, const char *text)
{
	const bool control = channel == &session->channels[CONTROL];

	if (control) {
		session->refusal = error;
		snprintf(session->reason, sizeof(session->reason), "%s (%s)",
			 strerrorname_np(error), text);
	} else if (error < ERRORS_MAX) {
		session->tally->refused[error]++;
		session->tally->mute += !*text;
		if (sent->operation && is_commit(sent->operation))
			session->tally->refused_commits++;
	}
	sent->answered = true;
	if (!*text && !may_be_mute(channel, sent, error))
		return session_fail(session,
				    "%s is refused with %s, and without a text",
				    name_of(sent), strerrorname_np(error));
	return true;
}

static bool take_acknowledgment(struct session *session,
				struct channel *channel, struct sent *sent,
				const struct nlmsghdr *head)
{
	size_t skip = NLMSG_ALIGN(sizeof(struct nlmsgerr));
	struct nlmsgerr error;

	memcpy(&error, NLMSG_DATA(head), sizeof(error));
	if (error.error)
		return take_refusal(session, channel, sent, -error.error,
				    text_of(head, skip));
	sent->answered = true;
	if (channel != &session->channels[CONTROL])
		session->tally->acknowledged++;
	/* What netlink takes for itself has no reply. */
	if (sent->foreign || !(sent->flags & NLM_F_REQUEST) ||
	    !sent->operation || !sent->operation->reply || sent->replied)
		return true;
	return session_fail(session, "%s succeeds, and has no reply",
			    name_of(sent));
}

static bool take_end(struct session *session, struct channel *channel,
		     struct sent *sent, const struct nlmsghdr *head)
{
	int error;

	memcpy(&error, NLMSG_DATA(head), sizeof(error));
	if (!answer_lists(sent))
		return session_fail(session, "%s ends like a listing",
				    name_of(sent));
	channel->listing = 0;
	sent->answered = true;
	session->tally->listings++;
	if (error < 0)
		return take_refusal(session, channel, sent, -error,
				    text_of(head, sizeof(error)));
	return true;
}

static bool check_generation(struct session *session, struct channel *channel,
			     const struct sent *sent, uint64_t generation)
{
	uint64_t expected = session->generation;

	if (answer_lists(sent)) {
		/* A listing shows one policy to its end. */
		if (channel->generation)
			expected = channel->generation;
		else if (session->unsure)
			expected = generation;
		channel->generation = generation;
	} else if (is_commit(sent->operation)) {
		expected++;
		session->generation = generation;
		if (channel != &session->channels[CONTROL])
			session->tally->accepted_commits++;
	}
	if (session->unsure && !answer_lists(sent)) {
		session->generation = generation;
		session->unsure = false;
		return true;
	}
	if (generation == expected)
		return true;
	return session_fail(session,
			    "%s tells of generation %" PRIu64 ", not %" PRIu64,
			    name_of(sent), generation, expected);
}

static bool take_reply(struct session *session, struct channel *channel,
		       struct sent *sent, const struct nlmsghdr *head)
{
	const bool control = channel == &session->channels[CONTROL];
	struct arena mine = {}, *arena = &mine;
	struct genlmsghdr generic;
	struct list list = {};
	const char *wrong;
	uint64_t generation;
	bool fine;

	if (head->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN || !sent->operation)
		return session_fail(session, "%s has a strange reply",
				    name_of(sent));
	memcpy(&generic, NLMSG_DATA(head), sizeof(generic));
	if (generic.cmd != sent->operation->number)
		return session_fail(session, "%s has the reply of command %u",
				    name_of(sent), generic.cmd);
	if (control && session->sink)
		arena = session->sink_arena;
	sent->replied = true;
	session->tally->replies++;
	wrong = decode_list(arena, sent->operation->set, sent->operation->reply,
			    (const uint8_t *)NLMSG_DATA(head) + GENL_HDRLEN,
			    head->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN,
			    &list);
	if (wrong)
		fine = session_fail(session, "the reply to %s holds %s",
				    name_of(sent), wrong);
	else if (!decode_number(&list, "generation", &generation))
		fine = session_fail(session, "%s names no generation",
				    name_of(sent));
	else
		fine = check_generation(session, channel, sent, generation);
	if (fine && control && session->sink)
		session->sink(session->sink_data, sent->operation, &list);
	arena_free(&mine);
	return fine;
}

bool answer_take(struct session *session, struct channel *channel,
		 const struct nlmsghdr *head)
{
	struct sent *sent = find(channel, head->nlmsg_seq);

	/* Garbage may have been taken for a message. */
	if (!sent)
		return session->garbled ||
		       session_fail(session,
				    "an answer comes to nothing that was sent");
	if (head->nlmsg_type == NLMSG_ERROR)
		return take_acknowledgment(session, channel, sent, head);
	if (head->nlmsg_type == NLMSG_DONE)
		return take_end(session, channel, sent, head);
	if (head->nlmsg_type != session->family)
		return session_fail(session, "%s has an answer of type %u",
				    name_of(sent), head->nlmsg_type);
	if (answer_lists(sent) && !channel->listing) {
		channel->listing = sent->sequence;
		channel->generation = 0;
	}
	return take_reply(session, channel, sent, head);
}

bool answer_complete(struct session *session, struct channel *channel)
{
	unsigned int i;

	for (i = 0; i < channel->count; i++) {
		const struct sent *sent = &channel->sent[i];
		bool asks = sent->flags & NLM_F_ACK ||
			    (answer_lists(sent) && !sent->foreign &&
			     sent->flags & NLM_F_REQUEST);

		if (sent->framed && asks && !sent->answered)
			return session_fail(session, "%s gets no answer",
					    name_of(sent));
	}
	channel->count = 0;
	return true;
}
