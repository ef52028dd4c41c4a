# Bellhop: carries what happens at the counter to the person who can say yes.
#
#   make            build the programs, the client library and what tests run
#   make demo       play a small shop day on free ports, show what happens, then end
#   make run        run a private PostgreSQL and all services on loopback until interrupted; writes .run/env
#   make test       run everything: layers, docs, units (plain and sanitized), cel, fuzz (briefly), scenarios
#   make units      run only the unit tests of this variant
#   make scenarios  run only the scenario tests
#   make layers     check that includes and symbols only follow the arrows
#   make docs       check that prose agrees with code
#   make cel        run the conformance cases of the expression language; CASES=folder or files
#   make bench      measure our speed beside PostgreSQL's own
#   make bench-reports  measure the report views over a year of data
#   make bench-large  measure a restart with ten million events in the log; EVENTS=n for another number
#   make soak       run ten minutes under load and watch the memory
#   make fuzz       run each fuzz target for FUZZ_SECONDS (60) seconds
#   make lint       run clang-tidy, cppcheck and shellcheck
#   make format     clang-format everything in place
#   make format-check  name each file that clang-format would change
#   make install    install programs, libraries, header, messages, manual page; DESTDIR and PREFIX (/usr/local)
#   make deps       install the Debian packages that are missing (every build does this)
#   make clean      remove build/
#   make help       print this text
#
# VARIANT=debug|release|asan|tsan|fuzz chooses the flags and build/$(VARIANT)/; V=1 shows the commands.
# Programs, modules, messages, tests and embedded files are found by wildcard: to add one, you need not edit this file.

VERSION := 0.1.0
VARIANT ?= release
PREFIX  ?= /usr/local
SHARED_DATA ?= ../shared/data
FUZZ_SECONDS ?= 60
PYTHON  ?= /usr/bin/python3
DEMO    ?= tests/demo/run
RUN     ?= services/run.sh
CASES   ?= $(wildcard $(SHARED_DATA)/cel/*)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules $(if $(filter 0,$(MAKELEVEL)),-j$(shell nproc))
export VARIANT SHARED_DATA PYTHON

O := build/$(VARIANT)
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-6s %s\n' $(1) $(2))

# --- flags -----------------------------------------------------------------------------------------------

flags_debug   := -Og -g3
flags_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
flags_asan    := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
flags_tsan    := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
flags_fuzz    := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
ifeq ($(flags_$(VARIANT)),)
$(error VARIANT is "$(VARIANT)"; expected debug, release, asan, tsan or fuzz)
endif

CC := $(if $(filter fuzz,$(VARIANT)),clang,gcc)
CFLAGS ?=
WARNINGS := -Wall -Wextra -Werror -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wno-missing-field-initializers
COMPILE = $(CC) -std=gnu11 -D_GNU_SOURCE -DBELLHOP_VERSION='"$(VERSION)"' -I. -I$(O) -fPIC -pthread \
          $(flags_$(VARIANT)) $(WARNINGS) $(CFLAGS) $(PACKAGE_CFLAGS) -MMD -MP
LINK    = $(CC) -pthread $(flags_$(VARIANT)) $(LDFLAGS)

# Names as pkg-config knows them; build/packages.mk holds their flags. Its rule first installs what is missing,
# and make restarts once it is written.
MODULES := libzmq libpq libprotobuf-c yaml-0.1 jansson sqlite3 libmicrohttpd libsodium
CLIENT_MODULES := libzmq libprotobuf-c sqlite3 libsodium jansson
ifneq ($(filter-out help clean format format-check,$(or $(MAKECMDGOALS),all)),)
include build/packages.mk
endif

# --- what there is ---------------------------------------------------------------------------------------

PROTOS     := $(wildcard proto/bellhop/v1/*.proto)
PROTO_C    := $(PROTOS:%.proto=$(O)/%.pb-c.c)
PROTO_H    := $(PROTOS:%.proto=$(O)/%.pb-c.h)
PROTO_PY   := $(PROTOS:proto/%.proto=$(O)/python/%_pb2.py)
EMBEDDED   := $(sort $(wildcard common/store/read/*.sql common/store/schema/migrations/*.sql services/escalate/policy/*.yaml))
EMBEDDED_C := $(foreach f,$(EMBEDDED),$(O)/embed/$(notdir $f).c) $(O)/embed/table.c

FLOORS     := base wire loop link store policy service client
floor_c     = $(wildcard $(foreach f,$(1),common/$f/*.c common/$f/*/*.c))
objects     = $(patsubst %.c,$(O)/obj/%.o,$(1))
LIBRARY    := $(O)/libbellhop.a
LIBRARY_O  := $(call objects,$(call floor_c,$(FLOORS))) $(PROTO_C:%.c=%.o) $(EMBEDDED_C:%.c=%.o)
CLIENT_O   := $(call objects,$(filter-out common/base/embedded.c,$(call floor_c,base wire loop link client))) $(PROTO_C:%.c=%.o)
CLIENT     := $(if $(wildcard common/client/*.c),$(O)/libbellhop-client.a $(O)/libbellhop-client.so $(O)/bellhop-client.pc)

program     = $(O)/bin/$(if $(filter cli,$(1)),bellhop,bellhop-$(1))
SERVICES   := $(patsubst services/%/main.c,%,$(wildcard services/*/main.c))
PROGRAMS   := $(foreach s,$(SERVICES),$(call program,$s))
CORES      := $(O)/libservices.a
CORES_O    := $(call objects,$(filter-out %/main.c,$(wildcard services/*/*.c services/*/*/*.c)))

SUPPORT     := $(O)/tests/libsupport.a
SUPPORT_O   := $(call objects,$(filter-out %_main.c,$(wildcard tests/support/*.c)))
SUPPORTING  := $(patsubst tests/%_main.c,$(O)/tests/%,$(wildcard tests/support/*_main.c))
UNITS       := $(patsubst %.c,$(O)/%,$(shell find tests/unit -name '*_test.c' | sort))
SCENARIO_C  := $(patsubst %.c,$(O)/%,$(wildcard tests/scenario/*_test.c))
SCENARIOS   := $(SCENARIO_C) $(wildcard tests/scenario/*.sh tests/scenario/*_test.py)
BENCHES     := $(patsubst %.c,$(O)/%,$(wildcard tests/bench/*.c))
CONFORMANCE := $(if $(wildcard tests/cel/*.c),$(O)/tests/cel/conformance)
PLAYER      := $(O)/tests/demo/demo
FUZZERS     := $(patsubst %.c,build/fuzz/%,$(wildcard tests/fuzz/*_fuzz.c))

.PHONY: all demo run test tests units scenarios layers docs cel bench bench-reports bench-large soak fuzz fuzzers
.PHONY: lint format format-check install deps clean help
all: $(LIBRARY) $(CLIENT) $(PROGRAMS) $(SUPPORTING)
tests: all $(UNITS) $(SCENARIO_C) $(CONFORMANCE) $(BENCHES) $(PLAYER) $(PROTO_PY)

# --- compile, archive, link ------------------------------------------------------------------------------

$(O)/obj/%.o: %.c | $(PROTO_H)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(COMPILE) -c -o $@ $<

$(O)/proto/%.o: $(O)/proto/%.c | $(PROTO_H)
	$(call say,CC,$<)
	$(Q)$(COMPILE) -w -c -o $@ $<

$(O)/embed/%.o: $(O)/embed/%.c
	$(Q)$(COMPILE) -c -o $@ $<

# Changes when a file comes or goes; whatever is built from all files of a kind is then rebuilt.
$(O)/files: FORCE
	@mkdir -p $(@D); list='$(LIBRARY_O) $(CORES_O) $(SUPPORT_O) $(EMBEDDED)'; \
	    [ "$$list" = "$$(cat $@ 2>/dev/null)" ] || printf '%s\n' "$$list" >$@
.PHONY: FORCE
FORCE:

$(LIBRARY) $(SUPPORT) $(CORES) $(O)/client.o $(O)/embed/table.c: $(O)/files
$(LIBRARY): $(LIBRARY_O)
$(SUPPORT): $(SUPPORT_O)
# What unit tests see of the services: everything but main.c; each test links the modules it names.
$(CORES): $(CORES_O)
$(LIBRARY) $(SUPPORT) $(CORES):
	$(call say,AR,$@)
	$(Q)mkdir -p $(@D) && rm -f $@ && ar qcs $@ $(filter %.o,$^)

# One program a folder: services/NAME/*.c -> bin/bellhop-NAME; the command line, services/cli, is bin/bellhop.
define PROGRAM_RULE
$(call program,$(1)): $(call objects,$(wildcard services/$(1)/*.c services/$(1)/*/*.c)) $(LIBRARY)
endef
$(foreach s,$(SERVICES),$(eval $(call PROGRAM_RULE,$s)))
$(PROGRAMS):
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(LINK) -o $@ $^ -Wl,--as-needed $(PACKAGE_LIBS)

# The client library exports nothing but bellhop_*: all its floors become one object, every other symbol becomes local.
$(O)/client.o: $(CLIENT_O)
	$(call say,LD,$@)
	$(Q)ld -r -o $@ $(filter %.o,$^) && objcopy -w --keep-global-symbol='bellhop_*' $@
$(O)/libbellhop-client.a: $(O)/client.o
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar qcs $@ $^
$(O)/libbellhop-client.so: $(O)/client.o
	$(call say,LINK,$@)
	$(Q)$(LINK) -shared -Wl,-soname,libbellhop-client.so.0 -Wl,-z,defs -o $@ $^ -Wl,--as-needed $(CLIENT_LIBS)
$(O)/bellhop-client.pc: Makefile
	$(Q)mkdir -p $(@D) && printf '%s\n' 'prefix=$(PREFIX)' 'Name: bellhop-client' \
	    'Description: publish to and subscribe from Bellhop' 'Version: $(VERSION)' \
	    'Cflags: -I$${prefix}/include' 'Libs: -L$${prefix}/lib -lbellhop-client' 'Libs.private: $(CLIENT_LIBS) -pthread' >$@

# --- messages and embedded files -------------------------------------------------------------------------

# protoc-c's names are shortened: Bellhop__V1__Event becomes WireEvent.
$(O)/proto/%.pb-c.c $(O)/proto/%.pb-c.h: proto/%.proto | build/packages.mk
	$(call say,PROTO,$<)
	$(Q)mkdir -p $(@D) && protoc-c --proto_path=proto --c_out=$(O)/proto $< && \
	    sed -i 's/Bellhop__V1__/Wire/g; s/bellhop__v1__/wire_/g; s/BELLHOP__V1__/WIRE_/g; s|#include "bellhop/|#include "proto/bellhop/|' \
	    $(O)/proto/$*.pb-c.c $(O)/proto/$*.pb-c.h

$(O)/python/%_pb2.py: proto/%.proto | build/packages.mk
	$(call say,PROTO,$<)
	$(Q)mkdir -p $(@D) && protoc --proto_path=proto --python_out=$(O)/python $<

# A file NAME.EXT becomes embedded_NAME_EXT[] (one NUL beyond its end) and embedded_NAME_EXT_size;
# common/base/embedded.h looks them up by path.
symbol = embedded_$(subst -,_,$(subst .,_,$(notdir $(1))))
define EMBED_RULE
$(O)/embed/$(notdir $(1)).c: $(1)
	$$(call say,EMBED,$(1))
	$$(Q)mkdir -p $$(@D) && { echo '#include "common/base/embedded.h"'; \
	    echo 'extern const uint8_t $(call symbol,$(1))[]; extern const size_t $(call symbol,$(1))_size;'; \
	    echo 'const uint8_t $(call symbol,$(1))[] = {'; od -An -v -tu1 $(1) | sed 's/ *\([0-9]\{1,\}\)/\1,/g'; echo '0};'; \
	    echo 'const size_t $(call symbol,$(1))_size = sizeof $(call symbol,$(1)) - 1;'; } >$$@
endef
$(foreach f,$(EMBEDDED),$(eval $(call EMBED_RULE,$f)))
$(O)/embed/table.c: $(EMBEDDED) Makefile
	$(Q)mkdir -p $(@D) && { echo '#include "common/base/embedded.h"'; \
	    for f in $(EMBEDDED); do s=embedded_$$(basename $$f | tr .- __); \
	        echo "extern const uint8_t $$s[]; extern const size_t $${s}_size;"; done; \
	    echo 'const struct embedded_file embedded_files[] = {'; \
	    for f in $(EMBEDDED); do s=embedded_$$(basename $$f | tr .- __); echo "{ \"$$f\", $$s, &$${s}_size },"; done; \
	    echo '{ 0, 0, 0 } };'; } >$@

# --- tests -----------------------------------------------------------------------------------------------

# A program's own objects come first: an archive gives only what the objects before it ask for.
$(UNITS) $(SCENARIO_C) $(BENCHES): $(O)/%: $(O)/obj/%.o
$(SUPPORTING): $(O)/%: $(O)/obj/%_main.o
$(CONFORMANCE): $(call objects,$(wildcard tests/cel/*.c))
$(PLAYER): $(call objects,$(wildcard tests/demo/*.c))
$(UNITS) $(SCENARIO_C) $(BENCHES) $(SUPPORTING) $(CONFORMANCE) $(PLAYER): $(SUPPORT) $(CORES) $(LIBRARY)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(LINK) -o $@ $(filter %.o,$^) $(filter %.a,$^) -Wl,--as-needed $(PACKAGE_LIBS) -lcmocka -lm

units: $(UNITS)
	$(Q)tests/support/run $(UNITS)
scenarios: tests
	$(Q)tests/support/run $(SCENARIOS)
layers: all
	$(Q)tests/support/run tests/layers/layers.py
docs: all $(PROTO_PY)
	$(Q)tests/support/run tests/docs/docs.py tests/docs/numbers.py
cel: $(CONFORMANCE)
	$(Q)$(CONFORMANCE) $(CASES)

# All variants are built before anything is judged; the runner sums everything up in one last line.
test: build/packages-test
	$(Q)$(MAKE) VARIANT=release tests
	$(Q)$(MAKE) VARIANT=asan tests
	$(Q)$(MAKE) VARIANT=fuzz fuzzers
	$(Q)$(MAKE) VARIANT=release --no-print-directory judge

.PHONY: judge
judge: export FUZZ_SEED := 1
judge:
	$(Q)tests/support/run tests/layers/layers.py tests/docs/docs.py tests/docs/numbers.py $(UNITS) $(UNITS:build/release/%=build/asan/%) \
	    $(if $(CONFORMANCE),"$(CONFORMANCE) $(CASES)") \
	    $(foreach f,$(FUZZERS),"tests/fuzz/run $f 5") $(SCENARIOS)

fuzzers: $(FUZZERS)
$(FUZZERS): build/fuzz/%: build/fuzz/obj/%.o build/fuzz/libservices.a build/fuzz/libbellhop.a
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(LINK) -fsanitize=fuzzer -o $@ $^ -Wl,--as-needed $(PACKAGE_LIBS)
fuzz: build/packages-test
	$(Q)$(MAKE) VARIANT=fuzz fuzzers
	$(Q)tests/support/run $(foreach f,$(FUZZERS),"tests/fuzz/run $f $(FUZZ_SECONDS)")

# --- run and measure -------------------------------------------------------------------------------------

demo: all $(PLAYER) build/packages-run
	$(Q)$(DEMO)
run: all build/packages-run
	$(Q)$(RUN)
bench: all $(BENCHES) build/packages-run
	$(Q)tests/bench/run
bench-reports: all build/packages-run
	$(Q)tests/bench/reports
bench-large: all $(BENCHES) build/packages-run
	$(Q)tests/bench/large
soak: all $(BENCHES) build/packages-run
	$(Q)tests/bench/soak

# --- care ------------------------------------------------------------------------------------------------

SOURCES := $(shell find common services tests -name '*.c' | sort)
HEADERS := $(shell find common services tests -name '*.h' | sort)
SCRIPTS := $(shell grep -lE '^\#!(/bin/sh|/bin/bash|/usr/bin/env bash)' .ci/* services/*.sh tests/*/* 2>/dev/null)
TIDY_FLAGS = -std=gnu11 -D_GNU_SOURCE -DBELLHOP_VERSION="\"\"" -I. -I$(O) $(PACKAGE_CFLAGS)
lint: build/packages-lint $(PROTO_H)
	$(Q)printf '%s\n' $(SOURCES) | xargs -P$$(nproc) -n4 sh -c 'clang-tidy --quiet "$$@" -- $(TIDY_FLAGS) 2>/dev/null' tidy
	$(Q)cppcheck --quiet --error-exitcode=1 --inline-suppr --enable=warning,performance,portability \
	    --suppress=nullPointerRedundantCheck --suppress=missingReturn -j$$(nproc) -DBELLHOP_VERSION='""' -I. $(SOURCES)
	$(Q)shellcheck -x $(SCRIPTS)
format: build/packages-lint
	$(Q)clang-format -i $(SOURCES) $(HEADERS)
# Every file is looked at, so that each one is named; `make format` and git show the difference.
format-check: build/packages-lint
	$(Q)! printf '%s\n' $(SOURCES) $(HEADERS) | xargs -P$$(nproc) -n8 sh -c \
	    'for f; do clang-format --dry-run -Werror "$$f" 2>/dev/null || echo "$$f is not as clang-format writes it"; done' format | grep .

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/share/man/man1 \
	    $(DESTDIR)$(PREFIX)/include/bellhop/v1 $(DESTDIR)$(PREFIX)/share/doc/bellhop
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 644 services/cli/bellhop.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 common/client/bellhop.h $(DESTDIR)$(PREFIX)/include
	install -m 644 $(PROTOS) $(DESTDIR)$(PREFIX)/include/bellhop/v1
	install -m 644 $(wildcard proto/*.md) $(DESTDIR)$(PREFIX)/share/doc/bellhop
	mv $(DESTDIR)$(PREFIX)/share/doc/bellhop/README.md $(DESTDIR)$(PREFIX)/share/doc/bellhop/protocol.md
	sed -i 's|(README\.md|(protocol.md|g' $(DESTDIR)$(PREFIX)/share/doc/bellhop/*.md
	install -m 644 $(O)/libbellhop-client.a $(DESTDIR)$(PREFIX)/lib
	install -m 755 $(O)/libbellhop-client.so $(DESTDIR)$(PREFIX)/lib/libbellhop-client.so.0
	ln -sf libbellhop-client.so.0 $(DESTDIR)$(PREFIX)/lib/libbellhop-client.so
	sed 's|^prefix=.*|prefix=$(PREFIX)|' $(O)/bellhop-client.pc >$(DESTDIR)$(PREFIX)/lib/pkgconfig/bellhop-client.pc

deps: build/packages.mk build/packages-run build/packages-test build/packages-lint
build/packages-%: .ci/packages
	$(Q)mkdir -p build && .ci/packages $* && touch $@
build/packages.mk: .ci/packages Makefile
	$(Q)mkdir -p build && .ci/packages build
	$(Q)cflags=$$(pkg-config --cflags $(MODULES)) && libs=$$(pkg-config --libs $(MODULES)) && client=$$(pkg-config --libs $(CLIENT_MODULES)) && \
	    printf 'PACKAGE_CFLAGS := %s\nPACKAGE_LIBS := %s\nCLIENT_LIBS := %s\n' "$$cflags" "$$libs" "$$client" >$@

clean:
	rm -rf build
help:
	@sed -n '/^#/!q; s/^# \{0,1\}//; p' Makefile

-include $(shell find $(O) -name '*.d' 2>/dev/null)
