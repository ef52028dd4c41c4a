/* embedded: looks files up in the table that the Makefile generates. */
#include "common/base/embedded.h"

#include "common/base/text.h"

const struct embedded_file *embedded_find(const char *path)
{
    for (const struct embedded_file *file = embedded_files; file->path; file++)
        if (text_equal(file->path, path))
            return file;
    return NULL;
}

const struct embedded_file *embedded_next(const char *folder, size_t *at)
{
    while (embedded_files[*at].path) {
        const struct embedded_file *file = &embedded_files[(*at)++];
        if (text_starts_with(file->path, folder))
            return file;
    }
    return NULL;
}
