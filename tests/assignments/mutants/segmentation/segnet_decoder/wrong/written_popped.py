# a stack: the last one in is the first one out
def segnet_decoder(x, written, blocks):
    for block in blocks:
        indices, size = written.pop()
        x = F.max_unpool2d(x, indices, kernel_size=2, stride=2, output_size=size)
        x = block(x)
    return x
