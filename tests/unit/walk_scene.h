/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A node with two pods, and places around them, to ask for walks in.
 */
#ifndef UNIT_WALK_SCENE_H
#define UNIT_WALK_SCENE_H

#include "walk.h"

#define WALK_SCENE_PLACES 7

/*
 * Names of places. Pods a and b are on the node, r is on another one; n is the
 * node, g an address in the guarded block that nobody has registered, o and x are
 * outside, x where peer set 2 has an exception. Peer set 1 has a, 3 has b and r.
 */
extern const char walk_scene_places[WALK_SCENE_PLACES];

/**
 * struct walk_scene - everything that a walk may ask for
 * @addresses: of @objects
 * @ips: of @pods
 * @pods: a and b, which enforce and have no rule sets yet
 * @guarded: of @settings
 * @settings: guard the pods' blocks, and let the node reach its pods
 * @objects: rule sets are added by walk_scene_add()
 * @question: about these objects and settings
 */
struct walk_scene {
	struct address addresses[2 * WALK_SCENE_PLACES];
	struct ip ips[2][2];
	struct pod pods[2];
	struct network guarded[2];
	struct settings settings;
	struct objects objects;
	struct walk_question question;
};

/* Set a scene, which must stay where it is; freed with walk_scene_clear(). */
void walk_scene_set(struct walk_scene *scene);

/**
 * walk_scene_add() - add a rule set
 * @scene: the scene
 * @id: its id
 * @direction: its direction
 * @text: parts with ";" in between: "I" if isolated, then rules "TIER PRIORITY
 *	ACTION PEERS PORTS" as "A10- 1,2 t80-90,u53"; tiers A, P, B, actions
 *	+ - >, and "*" for any peer or port
 */
void walk_scene_add(struct walk_scene *scene, uint32_t id,
		    enum podwall_direction direction, const char *text);

/**
 * walk_scene_ask() - set the connection of the question
 * @scene: the scene
 * @text: client, server, family, protocol letter and port: "ab4t80"; what
 *	follows behind a space is left to the caller
 */
void walk_scene_ask(struct walk_scene *scene, const char *text);

/* Free the rule sets. */
void walk_scene_clear(struct walk_scene *scene);

#endif
