/* catch_up: decisions are read first, as far as one page goes, then the events they belong to, page by page.
 */
#include "services/escalate/catch_up.h"

#include "common/policy/decide/decide.h"

#include "common/base/memory.h"
#include "common/service/log.h"
#include "common/store/read/decision_reader.h"

enum {
    PAGE_DECISIONS = 2 * DECISIONS_MOST, /* those of one event always fit */
    PAGE_EVENTS = 4000,
    AGAIN_MS = 500, /* after a failed question */
};

struct read_decision {
    uint64_t seq;
    size_t start;
    size_t size;
};

struct catch_up {
    struct loop *loop;
    struct database *database;
    struct catch_up_calls calls;
    struct decider *decider;
    struct loop_timer again;
    struct read_decision *read; /* a page of decisions, copied */
    size_t read_count;
    size_t next; /* the first that is not applied */
    struct bytes packed;
    struct slice *slices; /* those of one event */
    uint64_t upto;        /* the page has all decisions up to here */
};

static void ask(void *owner);

static void try_again_later(struct catch_up *catch_up, const char *fault)
{
    log_warning("log-unread", "could not read what is stored, trying again", FIELD("reason", fault),
                FIELD("in_ms", AGAIN_MS));
    loop_timer_set(catch_up->loop, &catch_up->again, AGAIN_MS);
}

static int apply_event(struct catch_up *catch_up, const WireLoggedEvent *record, char why[static WHY_SIZE])
{
    size_t count = 0;
    for (; catch_up->next < catch_up->read_count; catch_up->next++) {
        const struct read_decision *read = &catch_up->read[catch_up->next];
        if (read->seq > record->position->seq)
            break;
        catch_up->slices[count++] = slice_of(catch_up->packed.data + read->start, read->size);
    }
    return decider_apply(catch_up->decider, record, catch_up->slices, count, why);
}

static void on_events(void *owner, const struct log_page *page)
{
    struct catch_up *catch_up = owner;
    char why[WHY_SIZE] = "the log ends before the cursor";
    if (page->fault) {
        try_again_later(catch_up, page->fault);
        return;
    }
    int rc = page->count > 0 ? 0 : -1;
    for (size_t i = 0; i < page->count && rc == 0 && page->events[i]->position->seq <= catch_up->upto; i++)
        rc = apply_event(catch_up, page->events[i], why);
    if (rc != 0)
        catch_up->calls.on_broken(catch_up->calls.owner, why);
    else
        ask(catch_up);
}

static void keep_page(struct catch_up *catch_up, const struct decision_page *page)
{
    bytes_reset(&catch_up->packed);
    catch_up->read_count = catch_up->next = 0;
    catch_up->upto = page->upto;
    for (size_t i = 0; i < page->count; i++) {
        const struct stored_decision *stored = &page->decisions[i];
        catch_up->read[catch_up->read_count++] = (struct read_decision){
            .seq = stored->place.seq, .start = catch_up->packed.size, .size = stored->packed.size};
        bytes_append_slice(&catch_up->packed, stored->packed);
    }
}

static void on_decisions(void *owner, const struct decision_page *page)
{
    struct catch_up *catch_up = owner;
    uint64_t seq = decider_seq(catch_up->decider);
    if (page->fault) {
        try_again_later(catch_up, page->fault);
    } else if (page->at.cursor < seq) {
        catch_up->calls.on_broken(catch_up->calls.owner, "the stored cursor lies before the state");
    } else if (page->at.cursor == seq) {
        catch_up->calls.on_done(catch_up->calls.owner);
    } else {
        keep_page(catch_up, page);
        if (catch_up->upto > seq)
            ask(catch_up);
        else
            catch_up->calls.on_broken(catch_up->calls.owner, "one event has more decisions than can be read");
    }
}

/* Ask for the next events while their decisions are here, else for the next decisions. */
static void ask(void *owner)
{
    struct catch_up *catch_up = owner;
    uint64_t seq = decider_seq(catch_up->decider);
    if (seq < catch_up->upto) {
        uint64_t left = catch_up->upto - seq;
        uint32_t most = left < PAGE_EVENTS ? (uint32_t)left : PAGE_EVENTS;
        log_read_events(catch_up->database, seq, most, on_events, catch_up);
    } else {
        struct decision_place after = {.seq = seq, .ordinal = UINT32_MAX};
        decision_read(catch_up->database, after, PAGE_DECISIONS, on_decisions, catch_up);
    }
}

void catch_up_start(struct catch_up *catch_up, struct decider *decider)
{
    catch_up_stop(catch_up);
    catch_up->decider = decider;
    catch_up->upto = 0;
    ask(catch_up);
}

void catch_up_stop(struct catch_up *catch_up)
{
    loop_timer_clear(catch_up->loop, &catch_up->again);
    database_forget(catch_up->database, catch_up);
}

struct catch_up *catch_up_new(struct loop *loop, struct database *database,
                              const struct catch_up_calls *calls)
{
    struct catch_up *catch_up = NEW(catch_up);
    catch_up->loop = loop;
    catch_up->database = database;
    catch_up->calls = *calls;
    catch_up->read = memory_resize_array(NULL, PAGE_DECISIONS, sizeof *catch_up->read);
    catch_up->slices = memory_resize_array(NULL, PAGE_DECISIONS, sizeof *catch_up->slices);
    loop_timer_init(&catch_up->again, ask, catch_up);
    return catch_up;
}

void catch_up_free(struct catch_up *catch_up)
{
    if (!catch_up)
        return;
    catch_up_stop(catch_up);
    bytes_clear(&catch_up->packed);
    free(catch_up->read);
    free(catch_up->slices);
    free(catch_up);
}
