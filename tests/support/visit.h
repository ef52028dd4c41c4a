/* visit: a message with a field of every kind, written by hand as protoc-c would, for tests of the policy
 * language. */
#ifndef BELLHOP_TESTS_SUPPORT_VISIT_H
#define BELLHOP_TESTS_SUPPORT_VISIT_H

#include <protobuf-c/protobuf-c.h>

enum visit_mood { VISIT_CALM = 1, VISIT_HURRIED = 2, VISIT_ANGRY = 3 };

struct visit_line {
    ProtobufCMessage base;
    char *product; /* required */
    int64_t price; /* required */
    protobuf_c_boolean has_rebate;
    int64_t rebate; /* optional */
};

enum visit_case { VISIT_NO_CASE = 0, VISIT_REFUND = 20, VISIT_REMARK = 21, VISIT_SALE = 22 };

struct visit {
    ProtobufCMessage base;
    int64_t amount; /* required */
    protobuf_c_boolean has_limit;
    int64_t limit; /* optional, default 50 */
    char *store;   /* optional */
    char *channel; /* optional, default "counter" */
    protobuf_c_boolean has_mood;
    enum visit_mood mood; /* optional, default HURRIED */
    protobuf_c_boolean has_drill;
    protobuf_c_boolean drill; /* optional */
    protobuf_c_boolean has_share;
    double share; /* optional */
    protobuf_c_boolean has_rate;
    float rate; /* optional */
    protobuf_c_boolean has_count;
    int32_t count; /* optional */
    protobuf_c_boolean has_menus;
    uint32_t menus; /* optional uint32 */
    protobuf_c_boolean has_sequence;
    uint64_t sequence; /* optional uint64 */
    protobuf_c_boolean has_seen_at;
    int64_t seen_at; /* optional */
    protobuf_c_boolean has_waited_ms;
    int64_t waited_ms;       /* optional */
    struct visit_line *best; /* optional */
    size_t n_lines;
    struct visit_line **lines;
    size_t n_topics;
    char **topics;
    size_t n_moods;
    enum visit_mood *moods;
    protobuf_c_boolean has_photo;
    ProtobufCBinaryData photo; /* optional bytes */
    struct visit *earlier;     /* optional, of its own type */
    uint32_t outcome_case;
    union {
        int64_t refund;
        char *remark;
        struct visit_line *sale;
    };
};

extern const ProtobufCEnumDescriptor visit_mood_descriptor;
extern const ProtobufCMessageDescriptor visit_line_descriptor, visit_descriptor;

#endif
