/* embedded: looks files up in the table that the Makefile generates. */
#include "common/base/embedded.h"

#include <string.h>

const struct embedded_file *embedded_find(const char *path)
{
    for (const struct embedded_file *file = embedded_files; file->path; file++)
        if (strcmp(file->path, path) == 0)
            return file;
    return NULL;
}

const struct embedded_file *embedded_next(const char *folder, size_t *at)
{
    while (embedded_files[*at].path) {
        const struct embedded_file *file = &embedded_files[(*at)++];
        if (strncmp(file->path, folder, strlen(folder)) == 0)
            return file;
    }
    return NULL;
}
