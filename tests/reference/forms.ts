/** A form of the zoo that the reference has figures for, and what they are called in layers.json and states.json. */
export interface Form {
  readonly ref: string;
  readonly reference: string;
  /** The official state dict that `names[source]` must name exactly. */
  readonly state?: readonly [source: string, key: string];
  /** Layers that the reference has no rows for, because the source calls them as functions. */
  readonly without?: RegExp;
  /** The source runs branches in another order: rows are compared as a set. */
  readonly anyOrder?: true;
}

const form = (ref: string, reference: string, state?: string, without?: RegExp): Form => ({
  ref,
  reference,
  ...(state === undefined ? {} : { state: ['torchvision', state] }),
  ...(without ? { without } : {}),
});

/** Inception v3: the pools inside its modules and of its auxiliary classifier. */
const functionalPools = /^avgPool (?!.* > 1x1x2048)|^maxPool (35x35x288|17x17x768)/;

/** torchvision averages over the whole map by a function before the classifier. */
const lastAverage = /^avgPool .* > 1x1x/;

/** By families in the order of their papers; listed members and forms by settings. */
export const forms: readonly Form[] = [
  form('lenet-5-modern', 'lenet5_modern_61706'),
  form('alexnet-2012', 'alexnet_2012_grouped_227'),
  form('alexnet-2012', 'caffe_bvlc_alexnet'),
  form('alexnet?groups=1', 'alexnet_ungrouped_227'),
  form('alexnet?input=224', 'alexnet_2012_grouped_224_pad2'),
  form('caffenet', 'caffe_bvlc_reference_caffenet'),
  form('alexnet-one-tower', 'torchvision_alexnet', 'alexnet'),
  form('zfnet', 'zfnet_fig3'),
  form('zfnet-512-1024-512', 'zfnet_512_1024_512'),
  form('zfnet-512-onnx', 'zfnet512_onnx'),
  form('zfnet-imagenette', 'zfnet_imagenette'),
  form('vgg-a', 'vgg_A'),
  form('vgg-a', 'torchvision_vgg11', 'vgg11'),
  form('vgg-a-lrn', 'vgg_A-LRN'),
  form('vgg-b', 'vgg_B'),
  form('vgg-b', 'torchvision_vgg13', 'vgg13'),
  form('vgg-c', 'vgg_C'),
  form('vgg-d', 'vgg_D'),
  form('vgg-d', 'torchvision_vgg16', 'vgg16'),
  form('vgg-e', 'vgg_E'),
  form('vgg-e', 'torchvision_vgg19', 'vgg19'),
  form('vgg-a-bn', 'torchvision_vgg11_bn', 'vgg11_bn'),
  form('vgg-d-bn', 'torchvision_vgg16_bn', 'vgg16_bn'),
  form('vgg-e-bn', 'torchvision_vgg19_bn', 'vgg19_bn'),
  form('nin-cifar', 'nin_cifar10'),
  form('nin-imagenet', 'nin_imagenet_227'),
  form('googlenet', 'caffe_bvlc_googlenet'),
  form('googlenet?aux=true', 'caffe_bvlc_googlenet_train_val'),
  form('googlenet-torchvision', 'torchvision_googlenet', 'googlenet'),
  form('googlenet-torchvision?aux=true', 'torchvision_googlenet_aux', 'googlenet_aux', /^avgPool .* > 4x4x/),
  form('inception-v3', 'torchvision_inception_v3', 'inception_v3', functionalPools),
  form('inception-v3?aux=true', 'torchvision_inception_v3_aux', 'inception_v3_aux', functionalPools),
  form('inception-v4', 'timm_inception_v4'),
  { ...form('inception-v4', 'caffe_inception_v4_soeaver'), anyOrder: true },
  form('resnet-18', 'resnet18_optB'),
  form('resnet-18', 'torchvision_resnet18', 'resnet18'),
  form('resnet-34', 'resnet34_optB'),
  form('resnet-34', 'torchvision_resnet34', 'resnet34'),
  form('resnet-50', 'torchvision_resnet50', 'resnet50'),
  form('resnet-101', 'torchvision_resnet101', 'resnet101'),
  form('resnet-152', 'torchvision_resnet152', 'resnet152'),
  form('resnet-50-paper', 'resnet50_paper_stride_in_1x1'),
  form('resnet-101-paper', 'resnet101_paper_stride_in_1x1'),
  form('resnet-152-paper', 'resnet152_paper_stride_in_1x1'),
  form('resnet-18-a', 'resnet18_optA'),
  form('resnet?depth=18&shortcut=C', 'resnet18_optC'),
  form('resnet-34-a', 'resnet34_optA'),
  form('plain-18', 'plain18_imagenet'),
  form('plain-34', 'plain34_imagenet'),
  form('cifar-resnet-20', 'cifar_resnet20_optA'),
  form('cifar-resnet-32', 'cifar_resnet32_optA'),
  form('cifar-resnet-44', 'cifar_resnet44_optA'),
  form('cifar-resnet-56', 'cifar_resnet56_optA'),
  form('cifar-resnet-110', 'cifar_resnet110_optA'),
  form('cifar-resnet-1202', 'cifar_resnet1202_optA'),
  form('cifar-resnet?shortcut=B', 'cifar_resnet20_optB'),
  form('cifar-resnet?depth=110&shortcut=B', 'cifar_resnet110_optB'),
  form('cifar-plain-20', 'cifar_plain20'),
  form('cifar-plain-32', 'cifar_plain32'),
  form('cifar-plain-56', 'cifar_plain56'),
  form('stochastic-depth-resnet-110', 'cifar_resnet110_optA'),
  form('stochastic-depth-resnet-1202', 'cifar_resnet1202_optA'),
  form('preact-resnet-110', 'preact_resnet110_basic_optA'),
  form('preact-resnet-110?shortcut=B', 'preact_resnet110_basic_optB'),
  form('preact-resnet-164', 'preact_resnet164_bottleneck'),
  form('preact-resnet-164?classes=100', 'preact_resnet164_bottleneck_cifar100'),
  form('preact-resnet-200', 'preact_resnet200_imagenet'),
  form('preact-resnet-50', 'timm_resnetv2_50'),
  form('wide-resnet?depth=40&k=1', 'wrn_40_1_cifar10'),
  form('wide-resnet?depth=40&k=2', 'wrn_40_2_cifar10'),
  form('wide-resnet-40-4', 'wrn_40_4_cifar10'),
  form('wide-resnet?depth=16&k=4', 'wrn_16_4_cifar10'),
  form('wide-resnet-16-8', 'wrn_16_8_cifar10'),
  form('wide-resnet?depth=16&k=10', 'wrn_16_10_cifar10'),
  form('wide-resnet?depth=28&k=8', 'wrn_28_8_cifar10'),
  form('wide-resnet-28-10', 'wrn_28_10_cifar10'),
  form('wide-resnet?depth=40&k=8', 'wrn_40_8_cifar10'),
  form('wide-resnet?depth=40&k=10', 'wrn_40_10_cifar10'),
  form('wide-resnet-50-2', 'torchvision_wide_resnet50_2', 'wide_resnet50_2'),
  form('wide-resnet-50-2', 'caffe_wrn50_2_soeaver'),
  form('resnext-50-32x4d', 'torchvision_resnext50_32x4d', 'resnext50_32x4d'),
  form('resnext-50-32x4d', 'caffe_resnext50_32x4d_soeaver'),
  form('resnext-29-8x64d', 'resnext29_8x64d_cifar10'),
  form('resnext-29-8x64d?classes=100', 'resnext29_8x64d_cifar100'),
  form('fractalnet?columns=1&classes=100', 'fractalnet_C1_depth5_64-512_cls100'),
  form('fractalnet?columns=2&classes=100', 'fractalnet_C2_depth10_64-512_cls100'),
  form('fractalnet-20', 'fractalnet_C3_depth20_64-512_cls10'),
  form('fractalnet-20?classes=100', 'fractalnet_C3_depth20_64-512_cls100'),
  form('fractalnet-40?classes=100', 'fractalnet_C4_depth40_64-512_cls100'),
  form('densenet-121', 'densenet121_check'),
  form('densenet-121', 'torchvision_densenet121', 'densenet121', lastAverage),
  form('densenet-169', 'torchvision_densenet169', 'densenet169', lastAverage),
  form('densenet-201', 'torchvision_densenet201', 'densenet201', lastAverage),
  form('densenet-264', 'densenet264_k32'),
  form('densenet-l40-k12', 'densenet_L40_k12_cifar10'),
  form('densenet-l100-k12', 'densenet_L100_k12_cifar10'),
  form('densenet-l100-k24', 'densenet_L100_k24_cifar10'),
  form('densenet-bc-l100-k12', 'densenet_BC_L100_k12_cifar10'),
  form('densenet-bc-l250-k24', 'densenet_BC_L250_k24_cifar10'),
  form('squeezenet-1-0', 'torchvision_squeezenet1_0', 'squeezenet1_0'),
  form('squeezenet-1-1', 'torchvision_squeezenet1_1', 'squeezenet1_1'),
  form('squeezenet?resolution=227&version=1.1', 'caffe_squeezenet_v1.1'),
  form('mobilenet-v1-100', 'mobilenet_v1_1.0_224'),
  form('mobilenet-v1-100', 'timm_mobilenetv1_100'),
  form('mobilenet-v1-100', 'caffe_mobilenet_v1_shicai'),
  form('mobilenet-v1-075', 'mobilenet_v1_0.75_224'),
  form('mobilenet-v1-050', 'mobilenet_v1_0.5_224'),
  form('mobilenet-v1-025', 'mobilenet_v1_0.25_224'),
  form('mobilenet-v1?resolution=192', 'mobilenet_v1_1.0_192'),
  form('mobilenet-v1?resolution=160', 'mobilenet_v1_1.0_160'),
  form('mobilenet-v1?resolution=128', 'mobilenet_v1_1.0_128'),
  form('mobilenet-v1?classes=1001', 'mobilenet_v1_1.0_224_1001cls'),
  ...[1, 2, 3, 4].map((n) =>
    form(`efficientnet-lite${n}`, `efficientnet_lite${n}`, undefined, /^avgPool/),
  ),
];

/** Networks of the reference that no form has, and why. */
export const notInZoo: Readonly<Record<string, string>> = {
  'caffe_squeezenet_v1.0': "pads conv10, against the paper's table and torchvision; the text of SqueezeNet 1.0 says so",
  caffe_inception_v3_soeaver: 'pools by the maximum in its last module; the text of Inception v3 says so',
};
