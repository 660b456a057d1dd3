# SPDX-License-Identifier: GPL-2.0-only
#
# make -C tests/model -f ../bench/cache.mk: cache-measure, with the module's pure
# and state files made by the model's rules, but as a kernel has them.

BUILD ?= ../../build/bench
CFLAGS ?= -O2 -g

.DEFAULT_GOAL := $(BUILD)/cache-measure

include Makefile

NLCTL := ../../build/nlctl
PACKAGES := $(strip $(file < ../../nlctl/libraries))
MEASURE := $(patsubst ../bench/%.c,$(BUILD)/bench/%.o, \
		$(wildcard ../bench/cache-*.c)) \
	$(filter $(BUILD)/kmod/% $(BUILD)/kernel/%,$(OBJECTS)) \
	$(BUILD)/chance.o \
	$(filter-out $(NLCTL)/main.o,$(wildcard $(NLCTL)/*.o $(NLCTL)/policy/*.o))

# No sanitizers, no code to relocate, and where it counts no vector registers.
ALL_CFLAGS := $(filter-out $(SANITIZERS) -fno-omit-frame-pointer,$(ALL_CFLAGS)) \
	-fomit-frame-pointer -fno-pie
$(BUILD)/kmod/%.o $(BUILD)/bench/cache-lookup.o: \
	ALL_CFLAGS += -mgeneral-regs-only
# Nor does the kernel's build say this.
KMOD_CFLAGS += -Wno-maybe-uninitialized
# These include the module's headers. Of two with one name the module's counts,
# not nlctl's.
$(BUILD)/bench/%.o: ALL_CFLAGS += $(KMOD_CFLAGS)
$(BUILD)/bench/%.o: ALL_CPPFLAGS += -iquote . -idirafter ../../nlctl \
	$(shell pkg-config --cflags $(PACKAGES))

$(BUILD)/cache-measure: $(MEASURE)
	$(CC) $(ALL_CFLAGS) -no-pie $(LDFLAGS) -o $@ $^ \
		$(shell pkg-config --libs $(PACKAGES))

$(BUILD)/bench/%.o: ../bench/%.c Makefile ../bench/cache.mk
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
